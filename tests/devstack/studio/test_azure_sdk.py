"""The real azure-identity and azure-core against the studio, as the deployed app uses them: over TLS."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from azure.core import PipelineClient
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import ClientSecretCredential

from devstack.studio import Studio
from tests.support.waiting import wait_until

Client = PipelineClient[HttpRequest, Any]


@pytest.fixture
def trusting(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Studio:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(studio.ca_bundle))
    return studio


@pytest.fixture
def credential(trusting: Studio) -> Iterator[ClientSecretCredential]:
    with _credential(trusting) as credential:
        yield credential


@pytest.fixture
def client(trusting: Studio, credential: ClientSecretCredential) -> Iterator[Client]:
    policy = BearerTokenCredentialPolicy(credential, f"{trusting.url}/.default")
    with PipelineClient[HttpRequest, Any](trusting.url, policies=[policy]) as client:
        yield client


def _credential(studio: Studio, *, tenant: str = "", secret: str = "") -> ClientSecretCredential:
    return ClientSecretCredential(
        tenant or studio.tenant,
        studio.service_principal_id,
        secret or studio.service_principal_key,
        authority=studio.authority,
        disable_instance_discovery=True,
    )


def _get(client: Client, studio: Studio) -> HttpResponse:
    answer: HttpResponse = client.send_request(HttpRequest("GET", studio.arm_update_resource_endpoint))
    return answer


def test_a_token_by_azure_identity_opens_the_resource_manager_through_azure_core(
    client: Client, trusting: Studio
) -> None:
    answers = [_get(client, trusting) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["type"] == "Microsoft.MachineLearning/webServices"
    assert [seen.route for seen in trusting.requests] == [
        "token.openid_configuration",
        "token.issue_v2",
        "arm.get_web_service",
        "arm.get_web_service",
    ]


def test_the_tenant_may_be_a_guid_and_the_scope_azures_own(trusting: Studio) -> None:
    with _credential(trusting, tenant=trusting.tenant_id) as credential:
        token = credential.get_token("https://management.azure.com/.default")
    request = HttpRequest(
        "GET", trusting.arm_update_resource_endpoint, headers={"Authorization": f"Bearer {token.token}"}
    )
    with PipelineClient[HttpRequest, Any](trusting.url) as client:
        assert client.send_request(request).status_code == 200


def test_an_expired_token_is_renewed_and_the_old_one_opens_nothing_any_more(client: Client, trusting: Studio) -> None:
    trusting.settings = replace(trusting.settings, token_lifetime=1)
    first = _get(client, trusting).request.headers["Authorization"]
    stale = HttpRequest("GET", trusting.arm_update_resource_endpoint, headers={"Authorization": first})

    def with_the_first() -> int:
        with PipelineClient[HttpRequest, Any](trusting.url) as bare:
            return int(bare.send_request(stale).status_code)

    wait_until(lambda: with_the_first() == 401, "the first token has expired", every=0.1)
    renewed = _get(client, trusting)
    assert renewed.status_code == 200
    assert renewed.request.headers["Authorization"] != first


def test_a_wrong_secret_is_an_authentication_error_with_the_services_own_words(trusting: Studio) -> None:
    with _credential(trusting, secret="wrong") as credential, pytest.raises(ClientAuthenticationError) as raised:
        credential.get_token(f"{trusting.url}/.default")
    assert "AADSTS7000215: Invalid client secret provided." in str(raised.value)
    (seen,) = trusting.requests_to("token.issue_v2")
    assert seen.status == 401


def test_an_unknown_tenant_is_an_error_that_names_it(trusting: Studio) -> None:
    with (
        _credential(trusting, tenant="nobody.example") as credential,
        pytest.raises(ClientAuthenticationError, match=r"/nobody\.example\."),
    ):
        credential.get_token(f"{trusting.url}/.default")
