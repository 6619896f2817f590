"""Networks that fail: whether the request may have been carried out is never guessed in the wrong direction."""

import socket
from collections.abc import Callable

import pytest

from devstack.certificates import issue
from functions.retraining import transport
from functions.retraining.app_identity import app_identity
from functions.retraining.azureml import pipeline as way
from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.pipeline import PipelineService
from functions.retraining.core.errors import OutcomeUnknown, PermanentError, TransientError
from functions.retraining.storage.references import StorageReferences

from .made_up import INPUTS, UPLOADED, leaks, pipeline
from .web_server import (
    Script,
    WebServer,
    not_tls_after_the_request,
    raw,
    reply,
    reset_after,
    silence_after,
    without_end,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(reset_after(b""), id="reset before the answer"),
        pytest.param(reset_after(b"HTTP/1.1 200"), id="reset within the status line"),
        pytest.param(reset_after(HEAD + b'"da9bf'), id="reset within the body"),
        pytest.param(raw(b""), id="closed before the answer"),
        pytest.param(raw(HEAD + b'"da9bf'), id="closed within the body"),
        pytest.param(raw(b"SSH-2.0-OpenSSH_9.6\r\n"), id="another protocol"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), id="a broken chunk"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"), id="an endless header"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n{}"), id="a length that is no number"),
        pytest.param(reply(200, b"not gzip", Content_Encoding="gzip"), id="not the encoding it says"),
        pytest.param(not_tls_after_the_request, id="TLS broken after the request"),
    ],
)
def test_an_answer_that_breaks_leaves_the_outcome_unknown(
    script: Script, web: WebServer, training: ClassicBatchExecution
) -> None:
    web.will(script)
    with pytest.raises(OutcomeUnknown, match="submit a job on labeledexamples/2026/spring") as caught:
        training.submit(INPUTS, UPLOADED)
    assert "(no answer)" in str(caught.value)
    assert len(web.requests) == 1
    assert not leaks(str(caught.value))


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n", HEAD + b'"da9'])
def test_an_answer_that_does_not_come_in_time_leaves_the_outcome_unknown(
    sent: bytes, web: WebServer, training: ClassicBatchExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    web.will(silence_after(sent))
    with pytest.raises(OutcomeUnknown, match=r"[Tt]imed out"):
        training.submit(INPUTS, UPLOADED)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
        b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
    ],
)
def test_an_answer_without_end_is_cut_off(head: bytes, web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(without_end(head))
    with pytest.raises(OutcomeUnknown, match="larger than 4194304 bytes"):
        training.submit(INPUTS, UPLOADED)


def test_a_redirect_without_end_is_cut_off_too(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(without_end(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n"))
    with pytest.raises(OutcomeUnknown, match="larger than 4194304 bytes"):
        training.submit(INPUTS, UPLOADED)


def test_the_largest_answer_is_still_read(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(reply(400, b"x" * way.LARGEST_ANSWER))
    with pytest.raises(PermanentError, match=r"xxx\.\.\. \(HTTP 400\)"):
        training.submit(INPUTS, UPLOADED)


def test_a_refused_connection_was_not_sent(keyed: Callable[[], PipelineService]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{taken.getsockname()[1]}/workspaces/W/services/E/jobs"
        with pytest.raises(TransientError, match=r"the service cannot be reached.*refused") as caught:
            ClassicBatchExecution(pipeline(url), keyed(), StorageReferences(app_identity)).submit(INPUTS, UPLOADED)
    assert type(caught.value) is TransientError
    assert not leaks(str(caught.value))


def test_a_bundle_of_authorities_that_is_not_there_was_not_sent_and_says_so(
    web: WebServer, training: ClassicBatchExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/authorities.pem")
    with pytest.raises(TransientError, match=r"REQUESTS_CA_BUNDLE.*/nowhere/authorities.pem") as caught:
        training.submit(INPUTS, UPLOADED)
    assert type(caught.value) is TransientError
    assert web.requests == []


def test_a_certificate_of_an_unknown_authority_was_not_sent_and_says_how_to_trust_it(
    web: WebServer,
    training: ClassicBatchExecution,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    stranger = issue(tmp_path_factory.mktemp("stranger"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger.ca_bundle))
    with pytest.raises(TransientError, match=r"certificate.*REQUESTS_CA_BUNDLE") as caught:
        training.submit(INPUTS, UPLOADED)
    assert type(caught.value) is TransientError
    assert web.requests == []


def test_a_service_that_recovers_is_called_again_by_the_same_client(
    web: WebServer, training: ClassicBatchExecution
) -> None:
    web.will(reset_after(b""), reply(200, "da9bf623a63c452c975c9d79d21c5ef8"))
    with pytest.raises(OutcomeUnknown):
        training.submit(INPUTS, UPLOADED)
    assert training.submit(INPUTS, UPLOADED) == "da9bf623a63c452c975c9d79d21c5ef8"
