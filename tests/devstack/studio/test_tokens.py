"""The token endpoints at their front door: both forms, what they refuse, and what a token opens."""

import time
from dataclasses import replace

import pytest
import requests

from devstack.studio import Fault, FaultKind, Keys, Studio
from devstack.studio.identity.access_token import AccessToken
from tests.devstack.studio.front_door import FrontDoor
from tests.devstack.studio.manager_door import ManagerDoor, error
from tests.support.waiting import wait_until


def _refused(answer: requests.Response) -> tuple[int, str, int]:
    body = answer.json()
    assert {"error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id"} == set(body)
    (number,) = body["error_codes"]
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    return answer.status_code, body["error"], number


def test_the_v2_form_gives_numbers_and_its_token_opens_the_resource_manager(manager: ManagerDoor) -> None:
    answer = manager.ask_v2()
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3599)
    assert manager.call("GET", token=body["access_token"]).status_code == 200


def test_the_v1_form_gives_numbers_as_text_and_its_token_opens_the_resource_manager(manager: ManagerDoor) -> None:
    before = int(time.time())
    body = manager.ask_v1().json()
    assert all(isinstance(value, str) for value in body.values())
    assert (body["token_type"], body["expires_in"], body["resource"]) == (
        "Bearer",
        "3599",
        "https://management.azure.com/",
    )
    assert before <= int(body["not_before"]) <= time.time()
    assert 3599 <= int(body["expires_on"]) - int(body["not_before"]) <= 3600
    assert manager.call("GET", token=body["access_token"]).status_code == 200


def test_a_tenant_is_known_by_its_name_and_by_its_guid_in_any_letter_case(manager: ManagerDoor, studio: Studio) -> None:
    names = (studio.tenant, studio.tenant.upper(), studio.tenant_id, studio.tenant_id.upper())
    assert [manager.ask_v2(name).status_code for name in names] == [200] * 4
    assert [manager.ask_v1(name).status_code for name in names] == [200] * 4


def test_an_unknown_tenant_is_400(manager: ManagerDoor, front_door: FrontDoor, studio: Studio) -> None:
    assert _refused(manager.ask_v2("nobody.example")) == (400, "invalid_tenant", 90002)
    assert _refused(manager.ask_v1("nobody.example")) == (400, "invalid_tenant", 90002)
    metadata = f"{studio.authority}/nobody.example/v2.0/.well-known/openid-configuration"
    assert _refused(front_door.call("GET", metadata)) == (400, "invalid_tenant", 90002)


def test_the_metadata_names_this_tenants_endpoints(front_door: FrontDoor, studio: Studio) -> None:
    home = f"{studio.authority}/{studio.tenant}"
    body = front_door.call("GET", f"{home}/v2.0/.well-known/openid-configuration").json()
    assert body["token_endpoint"] == f"{home}/oauth2/v2.0/token"
    assert body["issuer"] == f"{studio.authority}/{studio.tenant_id}/v2.0"


@pytest.mark.parametrize("ask", [ManagerDoor.ask_v1, ManagerDoor.ask_v2])
def test_a_wrong_secret_is_401_and_its_words_do_not_repeat_it(manager: ManagerDoor, ask: object) -> None:
    assert callable(ask)
    answer = ask(manager, client_secret="not-the-secret")
    assert _refused(answer) == (401, "invalid_client", 7000215)
    assert "not-the-secret" not in answer.text


def test_a_secret_that_is_not_encoded_is_a_wrong_one(
    manager: ManagerDoor, front_door: FrontDoor, studio: Studio
) -> None:
    # What one published client does: its form is put together without encoding, and a plus sign is a blank there.
    assert {"+", "/", "="} < set(studio.service_principal_key)
    form = "&".join(f"{name}={value}" for name, value in manager.credentials(scope="https://x/.default").items())
    answer = front_door.call("POST", f"{studio.authority}/{studio.tenant}/oauth2/v2.0/token", data=form)
    assert _refused(answer) == (401, "invalid_client", 7000215)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, (400, "unauthorized_client", 700016)),
        ({"client_id": ""}, (400, "invalid_request", 900144)),
        ({"client_secret": ""}, (400, "invalid_request", 900144)),
        ({"scope": ""}, (400, "invalid_request", 900144)),
        ({"grant_type": ""}, (400, "invalid_request", 900144)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"scope": "https://management.azure.com/"}, (400, "invalid_scope", 1002012)),
        ({"scope": "https://storage.azure.com/.default"}, (400, "invalid_resource", 500011)),
    ],
)
def test_a_call_that_cannot_be_granted_says_why(
    manager: ManagerDoor, changes: dict[str, str], refusal: tuple[int, str, int]
) -> None:
    assert _refused(manager.ask_v2(**changes)) == refusal


@pytest.mark.parametrize(
    "resource", ["https://management.azure.com", "https://management.core.windows.net/", "the studio's own"]
)
def test_the_resource_may_be_azures_management_or_the_studio_itself(
    manager: ManagerDoor, studio: Studio, resource: str
) -> None:
    resource = studio.url if resource == "the studio's own" else resource
    for token in (
        manager.issued(scope=f"{resource}/.default"),
        manager.ask_v1(resource=resource).json()["access_token"],
    ):
        assert manager.call("GET", token=token).status_code == 200


def test_a_token_for_another_name_of_the_studio_is_for_the_wrong_audience(
    manager: ManagerDoor, front_door: FrontDoor, studio: Studio
) -> None:
    localhost = studio.url.replace("127.0.0.1", "localhost")
    fields = manager.credentials(scope=f"{localhost}/.default")
    token = front_door.call("POST", f"{localhost}/{studio.tenant}/oauth2/v2.0/token", data=fields).json()
    answer = manager.call("GET", token=token["access_token"])
    assert error(answer) == (401, "InvalidAuthenticationTokenAudience")


def test_an_expired_token_is_401_and_says_when_it_expired(manager: ManagerDoor, studio: Studio) -> None:
    studio.settings = replace(studio.settings, token_lifetime=1)
    token = manager.issued()
    wait_until(lambda: manager.call("GET", token=token).status_code == 401, "the token has expired")
    expired = manager.call("GET", token=token)
    assert error(expired) == (401, "ExpiredAuthenticationToken")
    assert "is earlier than current UTC time" in expired.json()["error"]["message"]
    assert expired.headers["WWW-Authenticate"].startswith('Bearer authorization_uri="https://')


def test_a_foreign_token_and_none_at_all_are_401(manager: ManagerDoor) -> None:
    now = int(time.time())
    foreign = AccessToken("https://management.azure.com", "i", "t", "c", "o", now, now + 3600).sign("another key")
    head, payload, signature = manager.token.split(".")
    for token in (foreign, "nonsense", f"{head}.{payload}.", f"{head}.{payload}x.{signature}"):
        assert error(manager.call("GET", token=token)) == (401, "InvalidAuthenticationToken")
    assert error(manager.call("GET", token="")) == (401, "AuthenticationFailed")


def test_a_token_outlives_the_studio_that_issued_it_where_the_keys_are_the_same(
    manager: ManagerDoor, studio: Studio
) -> None:
    keys = Keys.read(studio.folder / "keys.json")
    assert AccessToken.verify(manager.token, keys.signing).client_id == studio.service_principal_id


def test_the_token_endpoints_can_be_made_to_fail_in_their_own_shape(manager: ManagerDoor, studio: Studio) -> None:
    studio.inject(Fault(FaultKind.HTTP_ERROR, "token.issue_v2", code="temporarily_unavailable", retry_after=3))
    answer = manager.ask_v2()
    assert (answer.status_code, answer.json()["error"], answer.headers["Retry-After"]) == (
        503,
        "temporarily_unavailable",
        "3",
    )
    assert manager.ask_v2().status_code == 200


def test_no_secret_of_a_token_call_is_in_what_was_seen(manager: ManagerDoor, studio: Studio) -> None:
    manager.ask_v1(client_secret="a wrong secret")
    manager.call("GET")
    everything = repr(studio.requests)
    (seen,) = studio.requests_to("token.issue_v1")
    assert seen.body["client_id"] == studio.service_principal_id
    assert seen.body["client_secret"] == "***"
    for secret in (studio.service_principal_key, "a wrong secret", manager.token):
        assert secret not in everything
