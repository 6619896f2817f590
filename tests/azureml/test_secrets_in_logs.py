"""Promise 7 at the loudest log level: azure-core, requests and urllib3 at DEBUG show none of our secrets."""

import logging
from collections.abc import Callable
from contextlib import suppress

import pytest

from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.scoring_classic import ClassicScoringService
from functions.retraining.core.errors import ServiceError

from .made_up import INPUTS, MODEL, UPLOADED, leaks
from .recorded import names, recorded
from .web_server import Script, WebServer, not_tls_after_the_request, raw, reply, reset_after


def scripts() -> list[Script]:
    answers = [recorded(name) for name in names()]
    broken = [raw(b""), reset_after(b"HTTP/1.1 200 OK\r\n"), not_tls_after_the_request]
    return [*(reply(answer.status, answer.body, **answer.headers) for answer in answers), *broken]


def test_no_call_and_no_answer_puts_a_secret_into_the_log(
    web: WebServer,
    training: ClassicBatchExecution,
    scoring: ClassicScoringService,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    calls: list[Callable[[], object]] = [
        lambda: training.submit(INPUTS, UPLOADED),
        lambda: training.start("j"),
        lambda: training.get("j"),
        lambda: training.cancel("j"),
        lambda: scoring.read(MODEL),
        lambda: scoring.send(MODEL),
    ]
    for script in scripts():
        for call in calls:
            web.will(script)
            with suppress(ServiceError):
                call()
    assert len(web.requests) == len(calls) * len(scripts())
    loggers = {record.name for record in caplog.records}
    assert "urllib3.connectionpool" in loggers
    assert any(name.startswith("azure.core") for name in loggers)
    assert "/workspaces/W/services/E/jobs" in caplog.text
    assert not leaks(caplog.text)


def test_no_object_that_holds_the_key_shows_it(training: ClassicBatchExecution, scoring: ClassicScoringService) -> None:
    shown = [repr(training), repr(vars(training)), repr(scoring), repr(vars(scoring))]
    assert not leaks(" ".join(shown))
