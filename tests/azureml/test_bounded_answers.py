"""Answers that trickle or never end: bounded in time and size as a whole, tokens too. Real sockets, real TLS."""

import socket
import time
from collections.abc import Iterator

import pytest
from azure.core.exceptions import ClientAuthenticationError

from functions.retraining import transport as way
from functions.retraining.app_identity import app_identity
from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.credentials import credential_for
from functions.retraining.azureml.pipeline import token_service
from functions.retraining.azureml.scoring_arm import ArmScoringService
from functions.retraining.core.errors import OutcomeUnknown, TransientError

from .made_up import INPUTS, MODEL, UPLOADED, WEB_SERVICE, Links, principal, resource_manager
from .web_server import Script, WebServer, dripping, reply, without_end

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
JOB = "da9bf623a63c452c975c9d79d21c5ef8"
WHOLE = 1.0
"""Seconds for a whole answer in these tests. A drip comes every 0.05 s: no single read ever waits that long."""

LATE = 20.0
"""Seconds; an answer without a bound would take hours."""


@pytest.mark.parametrize(
    ("at_once", "drops"),
    [
        pytest.param(b"", b"H" * 65_000, id="the status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65_000, id="a header"),
        pytest.param(HEAD + b"Content-Length: 100000\r\n\r\n", b'"' * 100_000, id="the body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 20_000, id="the chunks"),
        pytest.param(HEAD + b"\r\n", b'"' * 100_000, id="a body of no given length"),
    ],
)
def test_an_answer_that_drips_ends_within_the_time_of_one_read(
    at_once: bytes, drops: bytes, web: WebServer, training: ClassicBatchExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way, "READ_SECONDS", WHOLE)
    web.will(dripping(at_once, drops))
    begun = time.monotonic()
    with pytest.raises(OutcomeUnknown, match=r"[Tt]imed out"):
        training.submit(INPUTS, UPLOADED)
    assert WHOLE / 2 < time.monotonic() - begun < LATE
    assert len(web.requests) == 1


def test_an_answer_that_drips_but_ends_in_time_is_taken(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(
        dripping(HEAD + b"Content-Length: 34\r\nConnection: close\r\n\r\n" + b'"' + JOB[:-8].encode(), b'2d1c5ef8"')
    )
    assert training.submit(INPUTS, UPLOADED) == f"{JOB[:-8]}2d1c5ef8"


def test_the_time_is_each_answers_own(
    web: WebServer, training: ClassicBatchExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one answer took is not taken off the next one's."""
    monkeypatch.setattr(way, "READ_SECONDS", WHOLE)
    web.will(dripping(HEAD, b""), reply(200, JOB), reply(200, JOB))
    with pytest.raises(OutcomeUnknown):
        training.submit(INPUTS, UPLOADED)
    assert [training.submit(INPUTS, UPLOADED) for _ in range(2)] == [JOB, JOB]


@pytest.fixture
def arm(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArmScoringService]:
    """With a service principal whose tokens come from the same server."""
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", web.url)
    monkeypatch.setenv("AZURE_DISABLE_INSTANCE_DISCOVERY", "true")
    service = token_service(lambda: credential_for(principal("contoso.example"), app_identity), f"{web.url}/.default")
    yield ArmScoringService(resource_manager(f"{web.url}{WEB_SERVICE}"), service, Links())
    service._client.close()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b"{" * 100_000), id="drips"),
        pytest.param(without_end(HEAD + b"\r\n"), id="without end"),
    ],
)
def test_a_token_that_never_comes_holds_nobody_up(
    script: Script, web: WebServer, arm: ArmScoringService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way, "READ_SECONDS", WHOLE)
    web.will(script)
    begun = time.monotonic()
    with pytest.raises(TransientError):
        arm.read(MODEL)
    assert time.monotonic() - begun < LATE
    assert [request.method for request in web.requests] == ["GET"]


def test_an_identity_endpoint_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's own, which App Service and Functions speak to over http."""
    monkeypatch.setattr(way, "READ_SECONDS", WHOLE)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}/msi/token")
        credential = app_identity("nobody-else-asks-for-this-one")
        begun = time.monotonic()
        with pytest.raises(ClientAuthenticationError):
            credential.get_token("https://storage.azure.com/.default")
    assert time.monotonic() - begun < LATE
