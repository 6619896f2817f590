"""Tokens by the real azure-identity from a token service that a test scripts: what each refusal of it means."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential

from functions.retraining.app_identity import app_identity
from functions.retraining.azureml.credentials import credential_for
from functions.retraining.azureml.pipeline import token_service
from functions.retraining.azureml.scoring import is_resource_manager
from functions.retraining.azureml.scoring_arm import ArmScoringService
from functions.retraining.azureml.token_refusals import no_token
from functions.retraining.core.errors import PermanentError, ServiceError, TransientError

from .made_up import MODEL, PRINCIPAL_KEY, TOKEN, WEB_SERVICE, Links, leaks, principal, resource_manager
from .recorded import recorded
from .web_server import Script, WebServer, raw, reply

AADSTS = (
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
    "value, not the client secret ID, for a secret added to app '9a6f'. Trace ID: t Correlation ID: c"
)
TENANT = "contoso.example"


def metadata(web: WebServer) -> Script:
    home = f"{web.url}/{TENANT}"
    return reply(
        200,
        {
            "issuer": f"{home}/v2.0",
            "token_endpoint": f"{home}/oauth2/v2.0/token",
            "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
            "jwks_uri": f"{home}/discovery/v2.0/keys",
        },
        Content_Type="application/json",
    )


def refusal(status: int, **fields: object) -> Script:
    return reply(status, fields, Content_Type="application/json")


@pytest.fixture
def arm(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArmScoringService]:
    """As the app makes it: the linked service's service principal, the authority by azure-identity's own settings."""
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", web.url)
    monkeypatch.setenv("AZURE_DISABLE_INSTANCE_DISCOVERY", "true")
    service = token_service(lambda: credential_for(principal(TENANT), app_identity), f"{web.url}/.default")
    yield ArmScoringService(resource_manager(f"{web.url}{WEB_SERVICE}", principal(TENANT)), service, Links())
    service._client.close()


def test_a_token_is_asked_for_once_and_sent_with_every_call(web: WebServer, arm: ArmScoringService) -> None:
    given = reply(
        200, {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}, Content_Type="application/json"
    )
    served = recorded("web-service/served")
    web.will(metadata(web), given, reply(200, served.body), reply(200, served.body))
    assert arm.read(MODEL).serves_model
    assert arm.read(MODEL).serves_model
    assert [request.method for request in web.requests] == ["GET", "POST", "GET", "GET"]
    asked = web.requests[1]
    assert asked.target == f"/{TENANT}/oauth2/v2.0/token"
    form = asked.body.decode()
    assert "grant_type=client_credentials" in form
    assert "client_secret=w7Rk1Bz8%2BNq%2F52tVfD4xJs0eYc%3D%2Ba%2FQ%3D" in form
    assert PRINCIPAL_KEY not in form
    assert [request.headers["authorization"] for request in web.requests[2:]] == [f"Bearer {TOKEN}"] * 2


@pytest.mark.parametrize("status", [400, 401])
def test_a_wrong_secret_is_refused_for_good_in_the_token_services_own_words(
    status: int, web: WebServer, arm: ArmScoringService
) -> None:
    web.will(metadata(web), refusal(status, error="invalid_client", error_description=AADSTS, error_codes=[7000215]))
    with pytest.raises(
        PermanentError, match=r"get the scoring web service: no token was given: .*AADSTS7000215"
    ) as caught:
        arm.read(MODEL)
    assert str(caught.value).count("servicePrincipalKey") == 1, "the advice is given once"
    assert caught.value.code == "NoToken"
    assert [request.target.partition("?")[0] for request in web.requests] == [
        f"/{TENANT}/v2.0/.well-known/openid-configuration",
        f"/{TENANT}/oauth2/v2.0/token",
    ]
    assert not leaks(str(caught.value))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            refusal(503, error="temporarily_unavailable", error_description="AADSTS90033: try later"), id="503"
        ),
        pytest.param(reply(503, b"<html>busy</html>", Content_Type="text/html"), id="503 as a page"),
        pytest.param(refusal(400, error="server_error", error_description="AADSTS90033: busy"), id="400 for now"),
        pytest.param(refusal(500, error="server_error", error_description="AADSTS90002"), id="500"),
        pytest.param(refusal(429, error="temporarily_unavailable"), id="429"),
        pytest.param(refusal(408, error="server_error", error_description="took too long"), id="408"),
        pytest.param(raw(b""), id="no answer"),
    ],
)
def test_a_token_service_in_trouble_is_worth_another_try(
    answer: Script, web: WebServer, arm: ArmScoringService
) -> None:
    web.will(metadata(web), *[answer] * 8)
    with pytest.raises(TransientError) as caught:
        arm.read(MODEL)
    assert not any("webServices" in request.target for request in web.requests)
    assert not leaks(str(caught.value))


@pytest.mark.parametrize(
    ("status", "kind"), [(401, PermanentError), (403, PermanentError), (408, TransientError), (503, TransientError)]
)
def test_where_the_token_services_status_is_known_it_decides(status: int, kind: type[ServiceError]) -> None:
    """A timed-out request (408) is no refusal, though it is below 500."""
    error = ClientAuthenticationError("no words that say which")
    error.status_code = status
    assert type(no_token("get the scoring web service", error)) is kind


@pytest.mark.parametrize(
    "junk", [b"[]", b"null", b"{}", b"{", b'"text"', b"\xff\xfe", b"<html></html>", b'{"access_token":5}']
)
@pytest.mark.parametrize("metadata_first", [True, False])
def test_junk_from_the_token_service_is_a_service_error(
    junk: bytes, *, metadata_first: bool, web: WebServer, arm: ArmScoringService
) -> None:
    answer = reply(200, junk, Content_Type="application/json")
    web.will(*([metadata(web)] if metadata_first else []), *[answer] * 8)
    with pytest.raises(ServiceError) as caught:
        arm.read(MODEL)
    assert not leaks(str(caught.value))


def test_a_token_in_an_answer_that_is_cut_off_reaches_neither_message_nor_log(
    web: WebServer, arm: ArmScoringService, caplog: pytest.LogCaptureFixture
) -> None:
    """azure-identity writes an answer that it cannot read into its log, whole."""
    answer = json.dumps({"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN}).encode()
    web.will(metadata(web), *[reply(200, answer[:-9], Content_Type="application/json")] * 8)
    with pytest.raises(ServiceError) as caught:
        arm.read(MODEL)
    assert TOKEN[:20] not in f"{caught.value}{caplog.text}"
    assert "access_token" not in caplog.text


def test_a_tenant_that_does_not_exist_is_refused_for_good(web: WebServer, arm: ArmScoringService) -> None:
    web.will(refusal(400, error="invalid_tenant", error_description="AADSTS90002: Tenant 'contoso.example' not found."))
    with pytest.raises(PermanentError, match=r"double check your tenant name.*check servicePrincipalId") as caught:
        arm.read(MODEL)
    assert caught.value.code == "NoToken"


@pytest.mark.parametrize("tenant", ["", "not a tenant!", "a/b", "../x"])
def test_a_tenant_that_is_none_is_refused_for_good_before_anything_is_sent(tenant: str, web: WebServer) -> None:
    service = token_service(lambda: credential_for(principal(tenant), app_identity), f"{web.url}/.default")
    arm = ArmScoringService(resource_manager(f"{web.url}{WEB_SERVICE}", principal(tenant)), service, Links())
    with pytest.raises(PermanentError, match="no token can be asked for") as caught:
        arm.read(MODEL)
    assert not leaks(str(caught.value))
    assert web.requests == []


def test_without_a_service_principal_the_app_is_who_it_is_on_its_platform() -> None:
    found = credential_for(None, app_identity)
    assert isinstance(found, DefaultAzureCredential)
    assert credential_for(None, app_identity) is found


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        (f"https://management.azure.com{WEB_SERVICE}", True),
        (f"https://management.azure.com{WEB_SERVICE.lower()}. ", True),
        (f"https://management.usgovcloudapi.net{WEB_SERVICE}", True),
        ("https://management.azureml.net/workspaces/w/webservices/s/endpoints/e", False),
        ("https://management.azure.com/subscriptions/s/resourceGroups/g", False),
        ("", False),
    ],
)
def test_the_kind_is_told_by_the_address(url: str, *, answer: bool) -> None:
    assert is_resource_manager(url) is answer


def test_azure_identity_is_imported_only_for_a_call_that_needs_a_token(tmp_path: Path) -> None:
    """In a fresh interpreter: building the whole app, with either kind of endpoint, loads none of it."""
    script = tmp_path / "build.py"
    script.write_text(
        "import json, sys\n"
        "from pathlib import Path\n"
        "from functions.retraining.bootstrap import build\n"
        "values, root = json.loads(sys.argv[1]), Path(sys.argv[2])\n"
        "build(values, root)\n"
        "print(sorted(name for name in sys.modules if name.startswith(('azure.identity', 'msal'))))\n"
    )
    root = Path(__file__).parents[2]
    for endpoint in (
        "https://management.azureml.net/workspaces/w/webservices/s/endpoints/e",
        f"https://management.azure.com{WEB_SERVICE}",
    ):
        values = {
            "TrainingStorage": "AccountName=examples;AccountKey=c2VjcmV0",
            "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
            "TRAINED_MODELS_CONTAINER": "trainingoutput",
            "POLL_SCHEDULE": "0 * * * * *",
            "SWEEP_SCHEDULE": "0 */15 * * * *",
            "TRAINING_ML_ENDPOINT": "https://a.example/workspaces/w/services/t/jobs",
            "TRAINING_API_KEY": "k",
            "SCORING_ML_ENDPOINT": "https://a.example/workspaces/w/services/s/jobs",
            "SCORING_API_KEY": "k",
            "SCORING_UPDATE_RESOURCE_ENDPOINT": endpoint,
        }
        ran = subprocess.run(  # noqa: S603 - this interpreter, our own script
            [sys.executable, str(script), json.dumps(values), str(root)],
            cwd=root,
            env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr
