"""The Resource Manager kind on real TLS: exact requests, who gets the token, what each refusal means."""

import logging
from collections.abc import Callable
from contextlib import suppress

import pytest

from devstack.certificates import Certificates
from functions.retraining.azureml.scoring_arm import ArmScoringService
from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, ServiceError, TransientError
from functions.retraining.core.observed import UpdateState

from .made_up import LINK, MODEL, OPERATION_SIGNATURE, SAS, TOKEN, TRAINED_MODEL_NAME, WEB_SERVICE, leaks
from .recorded import names, recorded
from .web_server import Script, WebServer, raw, reply, reset_after

STATUS = "/subscriptions/s/providers/Microsoft.MachineLearning/locations/southcentralus/operationsStatus/93a5f1c4"
SIGNED = f"{STATUS}?api-version=2017-01-01&t=638%2B1&c=MII-_~&s={OPERATION_SIGNATURE}"


def sample(name: str) -> Script:
    answer = recorded(name)
    return reply(answer.status, answer.body, **dict(answer.headers.items()))


def accepted(operation: str) -> Script:
    return reply(200, {"name": "w"}, Azure_AsyncOperation=operation)


def test_read_asks_for_the_whole_definition(web: WebServer, arm: ArmScoringService) -> None:
    web.will(sample("web-service/served-with-signature"))
    assert arm.read(MODEL).serves_model
    (request,) = web.requests
    assert (request.method, request.target, request.body) == ("GET", WEB_SERVICE, b"")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"].startswith("azsdk-python-relearner")


def test_send_reads_the_definition_and_patches_its_assets(web: WebServer, arm: ArmScoringService) -> None:
    web.will(sample("web-service/another-model"), accepted(f"{web.url}{SIGNED}"))
    assert arm.send(MODEL) == f"{web.url}{SIGNED}"
    get, patch = web.requests
    assert (get.method, patch.method) == ("GET", "PATCH")
    assert (get.target, patch.target) == (WEB_SERVICE, WEB_SERVICE)
    assert patch.headers["authorization"] == f"Bearer {TOKEN}"
    assert patch.headers["content-type"] == "application/json"
    assert list(patch.json) == ["location", "properties"]
    assert patch.json["location"] == "South Central US"
    assert list(patch.json["properties"]) == ["packageType", "assets"]
    assets = patch.json["properties"]["assets"]
    assert set(assets) == {"asset1", "asset2", "asset3"}
    assert assets["asset3"] == {
        "name": TRAINED_MODEL_NAME,
        "type": "Resource",
        "locationInfo": {"uri": f"{LINK.base}{MODEL.path}{SAS}"},
        "outputPorts": {"Results dataset": {"type": "Dataset"}},
    }


def test_nothing_is_patched_where_the_name_is_read_only_or_elsewhere(web: WebServer, arm: ArmScoringService) -> None:
    for name in ("read-only", "payloads-by-location"):
        web.will(sample(f"web-service/{name}"))
        with pytest.raises(PermanentError):
            arm.send(MODEL)
    assert [request.method for request in web.requests] == ["GET", "GET"]


def test_an_answer_without_an_operation_is_a_yes_too(web: WebServer, arm: ArmScoringService) -> None:
    web.will(sample("web-service/another-model"), reply(200, {}))
    assert arm.send(MODEL) is None


def test_the_operation_is_asked_for_exactly_as_it_was_named(web: WebServer, arm: ArmScoringService) -> None:
    web.will(sample("operation/provisioning"))
    seen = arm.follow(f"{web.url}{SIGNED}")
    assert (seen.state, seen.words) == (UpdateState.GOES_ON, "Provisioning, 60%")
    (request,) = web.requests
    assert (request.method, request.target) == ("GET", SIGNED)
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_the_token_goes_to_no_other_host(web: WebServer, arm: ArmScoringService, certificates: Certificates) -> None:
    with WebServer(certificates.server) as stranger:
        named = f"{stranger.url}{SIGNED}"
        web.will(sample("web-service/another-model"), accepted(named))
        assert arm.send(MODEL) is None
        with pytest.raises(NotFound, match="not at the host of updateResourceEndpoint") as caught:
            arm.follow(named)
        assert stranger.requests == []
    assert len(web.requests) == 2
    assert not leaks(str(caught.value))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_with_the_token(
    status: int, web: WebServer, arm: ArmScoringService, certificates: Certificates
) -> None:
    with WebServer(certificates.server) as stranger:
        web.will(reply(status, b"", Location=f"{stranger.url}/"))
        with pytest.raises(PermanentError, match=f"HTTP {status}"):
            arm.read(MODEL)
        assert stranger.requests == []


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("arm-not-found", NotFound, r"provided name: w\.\. Check subscription, resource group and name"),
        ("arm-forbidden", PermanentError, r"does not have authorization.*\. Give .* the role Contributor"),
        ("arm-expired-token", PermanentError, r"ExpiredAuthenticationToken|servicePrincipalKey and tenant"),
    ],
)
def test_each_refusal_says_what_to_do(
    name: str, kind: type[PermanentError], words: str, web: WebServer, arm: ArmScoringService
) -> None:
    web.will(sample(f"errors/{name}"))
    with pytest.raises(PermanentError, match=words) as caught:
        arm.read(MODEL)
    assert type(caught.value) is kind
    assert caught.value.request_id


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            reply(409, {"error": {"code": "UpdateInProgress", "message": "Another update is under way."}}),
            TransientError,
        ),
        (reply(429, b"", Retry_After="7"), TransientError),
        (reply(503, b""), TransientError),
        (reply(500, b""), OutcomeUnknown),
        (reset_after(b""), OutcomeUnknown),
    ],
)
def test_a_patch_is_sent_once_whatever_comes_back(
    answer: Script, kind: type[ServiceError], web: WebServer, arm: ArmScoringService
) -> None:
    web.will(sample("web-service/another-model"), answer)
    with pytest.raises(ServiceError) as caught:
        arm.send(MODEL)
    assert type(caught.value) is kind
    assert [request.method for request in web.requests] == ["GET", "PATCH"]


@pytest.mark.parametrize(
    "answer", [raw(b""), reset_after(b""), raw(b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n{}")]
)
def test_a_lost_answer_does_not_show_the_operations_signature(
    answer: Script, web: WebServer, arm: ArmScoringService
) -> None:
    web.will(answer)
    with pytest.raises(OutcomeUnknown) as caught:
        arm.follow(f"{web.url}{SIGNED}")
    assert not leaks(str(caught.value))


def test_an_operation_that_cannot_be_reached_does_not_show_its_signature(
    web: WebServer, arm: ArmScoringService, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    strangers = tmp_path_factory.mktemp("strangers") / "none.pem"
    strangers.write_text("")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(strangers))
    with pytest.raises(TransientError) as caught:
        arm.follow(f"{web.url}{SIGNED}")
    assert web.requests == []
    assert not leaks(str(caught.value))


def test_no_call_and_no_answer_puts_a_secret_into_the_log(
    web: WebServer, arm: ArmScoringService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    calls: list[Callable[[], object]] = [
        lambda: arm.read(MODEL),
        lambda: arm.send(MODEL),
        lambda: arm.follow(f"{web.url}{SIGNED}"),
    ]
    scripts = [*(sample(name) for name in names()), raw(b""), accepted(f"{web.url}{SIGNED}")]
    for script in scripts:
        for call in calls:
            web.will(script)
            with suppress(ServiceError):
                call()
    loggers = {record.name for record in caplog.records}
    assert "urllib3.connectionpool" in loggers
    assert any(name.startswith("azure.core") for name in loggers)
    assert f"{STATUS}?... HTTP/1.1" in caplog.text
    assert not leaks(caplog.text)


def test_no_object_that_holds_the_credential_shows_it(arm: ArmScoringService) -> None:
    assert not leaks(f"{arm!r} {vars(arm)!r}")
