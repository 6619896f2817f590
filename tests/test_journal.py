"""The journal: one JSON object a line, whatever is in it, and never a secret."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from functions.retraining.core.errors import PermanentError
from functions.retraining.core.run import RunStatus
from functions.retraining.core.secret import Secret
from functions.retraining.journal import LONGEST_LINE, LogJournal
from functions.retraining.workflows.app import Level

SIGNATURE = "hT5kZ0mWq3vN8bXc1yLd%2BaG7u%3D"
KEY = "cGFzc3dvcnQtZGVz+LXNwZWljaGVya29u/w=="


def only_line(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (record,) = caplog.records
    assert record.name == "relearner"
    text = logging.Formatter().format(record)
    assert "\n" not in text
    line: dict[str, Any] = json.loads(text)
    return line


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_an_event_is_one_json_object_with_its_facts(log: pytest.LogCaptureFixture) -> None:
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    LogJournal().event("status", run="r", attempt=2, at=at, status=RunStatus.RUNNING, expected=["a", "b"], why=None)
    assert only_line(log) == {
        "event": "status",
        "run": "r",
        "attempt": 2,
        "at": "2026-11-22T08:00:00Z",
        "status": "running",
        "expected": ["a", "b"],
        "why": None,
    }


@pytest.mark.parametrize("level", list(Level))
def test_a_level_is_loggings_own(level: Level, log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", level)
    assert [record.levelno for record in log.records] == [level.value]


def test_without_a_level_an_event_is_information(log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any")
    assert log.records[0].levelno == logging.INFO


def test_text_over_several_lines_stays_on_one(log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", why='line 1\nline 2\r\n"quoted" \u2028 %s %d {brace}')
    assert only_line(log)["why"] == 'line 1\nline 2\r\n"quoted" \u2028 %s %d {brace}'


@pytest.mark.parametrize(
    "text",
    [
        f"https://a.blob.core.windows.net/c/b?sv=1&sig={SIGNATURE}&se=2",
        f'he said "sig={SIGNATURE}" and "AccountKey={KEY}"',
        f"AccountName=a;AccountKey={KEY};EndpointSuffix=x",
        f"Authorization: Bearer {KEY}",
        f"sig={SIGNATURE}\nnext line",
        f"{{sig={SIGNATURE}}}",
    ],
)
def test_a_secret_in_a_fact_is_cut_out_and_the_line_stays_json(text: str, log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", why=text, deep={"list": [text, {"more": text}]}, pair=(text,), last=1)
    line = only_line(log)
    assert line["last"] == 1
    assert SIGNATURE[:8] not in log.text
    assert KEY[:8] not in log.text
    assert "***" in line["deep"]["list"][1]["more"]


def test_facts_that_are_named_like_secrets_but_are_none_stay(log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", code="RequestThrottled", codes=[{"code": 5}], last=1)
    assert only_line(log) == {"event": "any", "code": "RequestThrottled", "codes": [{"code": 5}], "last": 1}


def test_a_secret_given_as_such_is_hidden(log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", key=Secret(KEY))
    assert only_line(log)["key"] == "Secret(***)"


@pytest.mark.plants_secrets
def test_a_defect_is_one_line_with_its_traceback_and_without_secrets(log: pytest.LogCaptureFixture) -> None:
    try:
        try:
            message = f"Invalid header value b'Bearer {KEY}'"
            raise ValueError(message)
        except ValueError as error:
            raise PermanentError("call", f"no: ?sig={SIGNATURE}&x=1") from error
    except PermanentError as error:
        LogJournal().defect("look_failed", error, run="r")
    line = only_line(log)
    assert (line["event"], line["run"]) == ("look_failed", "r")
    assert line["defect"].startswith("PermanentError(")
    assert "test_journal.py" in line["traceback"]
    assert "The above exception was the direct cause" in line["traceback"]
    assert log.records[0].levelno == logging.ERROR
    assert SIGNATURE[:8] not in log.text
    assert KEY[:8] not in log.text


@pytest.mark.parametrize("text", ["x" * 200_000, "\0" * 200_000, '"' * 200_000, "\U0001f600" * 200_000])
def test_a_line_is_never_longer_than_the_log_keeps_and_its_short_facts_are_whole(
    text: str, log: pytest.LogCaptureFixture
) -> None:
    LogJournal().event("any", run="r", why=text, expected=["/".join([text[:100]] * 10)] * 1_000)
    line = only_line(log)
    assert len(log.records[0].getMessage()) <= LONGEST_LINE
    assert (line["event"], line["run"]) == ("any", "r")
    assert len(line["expected"]) == 50


def test_of_a_long_text_the_beginning_and_the_end_are_kept(log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", why=f"first{'x' * 100_000}last")
    why = only_line(log)["why"]
    assert (why[:5], why[-4:]) == ("first", "last")


def test_a_secret_that_a_cut_would_split_is_no_less_hidden(log: pytest.LogCaptureFixture) -> None:
    for offset in range(3_990, 4_010):
        log.clear()
        LogJournal().event("any", why=f"{'x' * offset} sig={SIGNATURE} {'y' * 100_000}")
        assert SIGNATURE[:8] not in log.text


def test_facts_without_end_leave_a_line_that_names_the_event(log: pytest.LogCaptureFixture) -> None:
    LogJournal().event("any", why={f"fact {number}": number for number in range(10_000)})
    assert only_line(log) == {"event": "any", "cut": True}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)
# The log is emptied for each example.
for_each_example = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@for_each_example
@given(why=anything | st.text(st.characters(categories=["Cs", "Cc", "Lu"])) | st.just(object()))
def test_any_fact_gives_a_line_of_json(why: object, log: pytest.LogCaptureFixture) -> None:
    log.clear()
    LogJournal().event("any", why=why, last=1)
    assert only_line(log)["last"] == 1
