"""Short forms of suite `service_faults`, and its expectations held against the documents."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from devstack.azurite import Azurite
from devstack.places import ROOT
from devstack.studio import Fault, FaultKind
from tests.reliability.service_faults import odd, table, troubles
from tests.reliability.service_faults.calls import CALLS, PATCH, READ, START, STATUS, SUBMIT, TOKEN, Call
from tests.reliability.service_faults.judging import troubles_of
from tests.reliability.service_faults.junk import peak_bytes
from tests.reliability.service_faults.playing import AN_HOUR, SECONDS, Cell, play
from tests.reliability.service_faults.stage import Stage
from tests.reliability.service_faults.verdicts import Verdict
from tests.reliability.suites.service_faults import MOST_BYTES

pytestmark = pytest.mark.azurite

BY_NAME = {trouble.name: trouble for trouble in troubles.TROUBLES}
SAMPLE = [
    ("401", STATUS, SECONDS),
    ("413", PATCH, SECONDS),
    ("404", START, SECONDS),
    ("408", TOKEN, SECONDS),
    ("connection refused", START, SECONDS),
    ("certificate of a stranger", READ, SECONDS),
    ("reset mid-answer", SUBMIT, SECONDS),
    ("503 with Retry-After", STATUS, AN_HOUR),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Azurite.start(tmp_path_factory.mktemp("azurite")) as azurite, Stage.open(azurite) as open_stage:
        yield open_stage


@pytest.mark.parametrize(("name", "call", "lasts"), SAMPLE, ids=str)
def test_a_fault_at_a_call_comes_to_what_the_documents_say(
    name: str, call: Call, lasts: timedelta, stage: Stage
) -> None:
    played = play(stage, Cell(BY_NAME[name], call, lasts), with_beside=lasts == AN_HOUR)
    assert troubles_of(played) == []


def test_a_job_that_vanishes_ends_the_run_in_words_when_every_attempt_is_used_up(stage: Stage) -> None:
    (oddity,) = (each for each in odd.ODDITIES if each.name == "every job vanishes")
    found, written = odd.play(stage, oddity)
    assert found == []
    assert "JobNotFound" in "".join(written.values())


def test_ten_megabytes_of_junk_are_not_held(stage: Stage) -> None:
    peak, message = peak_bytes(stage.studio)
    assert peak < MOST_BYTES
    assert message < 400


def test_a_wrong_expectation_is_seen(stage: Stage) -> None:
    """The judge itself: a refusal that was expected to heal, and a cure that was expected to be a refusal."""
    refusal = troubles.Trouble(
        "a refusal", lambda _: Verdict.HEALS, Fault(FaultKind.HTTP_ERROR, status=403), status=403
    )
    cure = troubles.Trouble("a cure", lambda _: Verdict.ENDS, Fault(FaultKind.HTTP_ERROR, status=503), status=503)
    assert "failed" in " ".join(troubles_of(play(stage, Cell(refusal, SUBMIT, SECONDS))))
    assert "not failed" in " ".join(troubles_of(play(stage, Cell(cure, SUBMIT, SECONDS))))


def test_every_fault_is_played_at_every_call() -> None:
    seconds = {(cell.trouble.name, cell.call) for cell in table.for_seconds()}
    assert seconds == {(name, call) for name in BY_NAME for call in CALLS}
    left_out = seconds - {(cell.trouble.name, cell.call) for cell in table.for_an_hour()}
    ending = {(name, call) for name, call in seconds if BY_NAME[name].verdict(call) is Verdict.ENDS}
    assert {name for name, _ in left_out - ending} == {"an answer that drips"}


@pytest.mark.parametrize("file", ["errors.md", "update-resource-arm.md"])
def test_the_statuses_that_the_documents_name_have_a_verdict(file: str) -> None:
    """A status that a document begins to speak of must be added to the table, too."""
    text = (ROOT / "docs" / "wire" / file).read_text("utf-8").partition("## Storage")[0]
    known = {trouble.status for trouble in troubles.TROUBLES} | {200, 400, 502, 505}
    words = text.replace("|", " ").replace(",", " ").split()
    named = {int(word) for word in words if word.isdecimal() and 200 <= int(word) < 600}
    assert named <= known
