"""The slot: who may train and update, what is deployed, and what must not go live over it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from functions.retraining.core.run import Job, Origin, Run, RunStatus, Step
from functions.retraining.core.settle import output_seen_until, settled
from functions.retraining.core.slot import (
    CLAIM_GRACE,
    ENDED_LIMIT,
    PREVIOUS_LIMIT,
    Answer,
    Busy,
    Deployed,
    Holder,
    Known,
    Passed,
    Slot,
    Taken,
    ask,
    ask_seat,
    freed,
    given_up,
    with_deployed,
    with_ended,
    with_output_seen,
)
from tests.support.properties import deterministic

from .runs import MODEL, NOW, run_in

EMPTY = Slot(pipeline="p")
MINUTE = timedelta(minutes=1)


def _deployed(minute: int, run: str = "") -> Deployed:
    time = NOW + minute * MINUTE
    name = run or f"{time:%Y%m%dT%H%M%SZ}-abc"
    return Deployed(run=name, blob_last_modified=time, model=f"models/p/{name}.ilearner", at=time)


LIVE = replace(EMPTY, deployed=_deployed(0))
OTHER, MINE = Holder(run="other", since=NOW), Holder(run="r", since=NOW)
HELD = replace(EMPTY, active=(OTHER,))


@pytest.mark.parametrize(
    ("slot", "minute", "answer"),
    [
        (EMPTY, 0, Taken(replace(EMPTY, active=(MINE,)), was_held=False)),
        (HELD, 0, Busy((OTHER,))),
        (replace(HELD, active=(MINE,)), 0, Taken(replace(HELD, active=(MINE,)), was_held=True)),
        (LIVE, -1, Passed(_deployed(0), verified=True)),
        (LIVE, 0, Taken(replace(LIVE, active=(MINE,)), was_held=False)),
        (LIVE, 1, Taken(replace(LIVE, active=(MINE,)), was_held=False)),
        (replace(EMPTY, unverified=_deployed(0)), -1, Passed(_deployed(0), verified=False)),
        (replace(LIVE, unverified=_deployed(5)), 3, Passed(_deployed(5), verified=False)),
        (replace(LIVE, active=(OTHER,)), -1, Passed(_deployed(0), verified=True)),
        (replace(EMPTY, ended=("r",)), 0, Known()),
        (replace(HELD, ended=("r",)), 0, Known()),
        (replace(EMPTY, deployed=_deployed(0, "r")), 0, Known()),
        (replace(EMPTY, deployed=_deployed(9), previous=(_deployed(0, "r"),)), 0, Known()),
    ],
)
def test_who_may_have_the_slot(slot: Slot, minute: int, answer: Answer) -> None:
    assert ask(slot, "r", NOW + minute * MINUTE, NOW, 1) == answer


SECONDS = tuple(Holder(run=f"{NOW + n * MINUTE:%Y%m%dT%H%M%SZ}-abc", since=NOW) for n in range(3))


@pytest.mark.parametrize(("concurrency", "held", "taken"), [(1, 1, False), (2, 1, True), (3, 2, True), (2, 2, False)])
def test_as_many_runs_hold_the_slot_as_concurrency_allows(concurrency: int, held: int, *, taken: bool) -> None:
    slot = replace(EMPTY, active=SECONDS[:held])
    answer = ask(slot, "r", NOW, NOW, concurrency)
    assert answer == (Taken(replace(slot, active=(*slot.active, MINE)), was_held=False) if taken else Busy(slot.active))


def test_two_runs_of_the_same_second_never_hold_the_slot_together() -> None:
    slot = replace(EMPTY, active=SECONDS[:1])
    assert ask(slot, f"{NOW:%Y%m%dT%H%M%SZ}-xyz", NOW, NOW, 10) == Busy(slot.active)


BOTH = replace(EMPTY, active=(OTHER, MINE))


@pytest.mark.parametrize(
    ("slot", "minute", "answer"),
    [
        (BOTH, 0, Taken(replace(BOTH, updating="r"), was_held=False)),
        (replace(BOTH, updating="r"), 0, Taken(replace(BOTH, updating="r"), was_held=True)),
        (
            replace(BOTH, updating="r", deployed=_deployed(5)),
            0,
            Taken(replace(BOTH, updating="r", deployed=_deployed(5)), was_held=True),
        ),
        (replace(BOTH, updating="other"), 0, Busy((OTHER,))),
        (replace(BOTH, deployed=_deployed(5)), 0, Passed(_deployed(5), verified=True)),
        (replace(BOTH, unverified=_deployed(5)), 0, Passed(_deployed(5), verified=False)),
        (replace(EMPTY, active=(OTHER,)), 0, Known()),
        (replace(EMPTY, active=(OTHER,), updating="other"), 0, Known()),
    ],
)
def test_who_of_those_that_hold_the_slot_may_update(slot: Slot, minute: int, answer: Answer) -> None:
    assert ask_seat(slot, "r", NOW + minute * MINUTE) == answer


def test_leaving_the_slot_leaves_the_seat_and_takes_nobody_elses() -> None:
    assert freed(replace(BOTH, updating="r"), "r") == replace(EMPTY, active=(OTHER,))
    assert freed(replace(BOTH, updating="other"), "r") == replace(EMPTY, active=(OTHER,), updating="other")


def test_a_run_that_ended_before_it_had_the_slot_is_remembered_once() -> None:
    run = _ended(RunStatus.SUPERSEDED, model=None, job=None, attempt=0)
    slot = settled(HELD, run)
    assert (slot.ended, slot.active) == (("r",), (OTHER,))
    assert settled(slot, run) is slot
    passed = replace(HELD, deployed=_deployed(60))
    assert settled(passed, run) is passed


def test_a_claim_is_given_up_only_after_its_grace() -> None:
    assert not given_up(HELD, "other", NOW + CLAIM_GRACE)
    assert given_up(HELD, "other", NOW + CLAIM_GRACE + timedelta(seconds=1))
    assert not given_up(HELD, "r", NOW + 2 * CLAIM_GRACE)


def test_a_freed_slot_has_nobody_in_it_and_keeps_the_rest() -> None:
    assert freed(replace(LIVE, active=(MINE,)), "r") == LIVE


def test_going_live_keeps_what_was_live_before_for_a_rollback() -> None:
    slot = EMPTY
    for minute in range(15):
        slot = with_deployed(slot, _deployed(minute))
    assert slot.deployed == _deployed(14)
    assert slot.previous == tuple(_deployed(minute) for minute in range(13, 13 - PREVIOUS_LIMIT, -1))


def test_going_live_forgets_ended_runs_that_are_older_and_keeps_those_of_the_same_second() -> None:
    older, same, newer = (f"{NOW + n * MINUTE:%Y%m%dT%H%M%SZ}-zzz" for n in (-1, 0, 1))
    slot = with_deployed(replace(EMPTY, ended=(older, same, newer), unverified=_deployed(-3)), _deployed(0))
    assert slot.ended == (same, newer)
    assert slot.unverified is None


def test_the_last_thousand_ended_runs_are_remembered() -> None:
    slot = EMPTY
    for number in range(ENDED_LIMIT + 5):
        slot = with_ended(slot, f"run{number}")
    assert len(slot.ended) == ENDED_LIMIT
    assert slot.ended[-1] == f"run{ENDED_LIMIT + 4}"


def test_what_was_seen_of_the_output_never_goes_back() -> None:
    later = with_output_seen(EMPTY, NOW + MINUTE)
    assert with_output_seen(later, NOW).output_seen_until == NOW + MINUTE


def _ended(status: RunStatus, **facts: object) -> Run:
    at = Step(status=status, at=NOW + 10 * MINUTE)
    return replace(run_in(RunStatus.UPDATING), id="r", status=status, history=(at,), **facts)


def test_a_run_that_succeeded_leaves_its_model_as_the_deployed_one() -> None:
    slot = settled(replace(EMPTY, active=(MINE,)), _ended(RunStatus.SUCCEEDED))
    assert slot.active == ()
    assert slot.deployed is not None
    assert (slot.deployed.run, slot.deployed.model, slot.deployed.at) == ("r", MODEL.path, NOW + 10 * MINUTE)
    assert slot.ended == ()
    assert slot.output_seen_until == MODEL.archived_at


@pytest.mark.parametrize(("may_be_live", "unverified"), [(True, "r"), (False, None)])
def test_a_run_that_failed_leaves_its_name_and_what_may_be_live(*, may_be_live: bool, unverified: str | None) -> None:
    slot = settled(replace(LIVE, active=(MINE,)), _ended(RunStatus.FAILED, may_be_live=may_be_live))
    assert slot.ended == ("r",)
    assert slot.deployed == LIVE.deployed
    assert (slot.unverified.run if slot.unverified else None) == unverified


def test_an_older_offered_model_does_not_cover_a_newer_one() -> None:
    before = replace(EMPTY, active=(MINE,), unverified=_deployed(60))
    assert settled(before, _ended(RunStatus.FAILED, may_be_live=True)).unverified == _deployed(60)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, MODEL.archived_at),
        ({"model": None}, NOW + 10 * MINUTE),
        ({"model": None, "job": None}, None),
        ({"model": None, "job": None, "attempt": 2}, NOW + 10 * MINUTE),
        ({"origin": Origin.TRAINED_MODEL}, None),
    ],
)
def test_up_to_when_the_models_place_is_a_runs_own(facts: dict[str, object], expected: object) -> None:
    assert output_seen_until(_ended(RunStatus.FAILED, **facts)) == expected


def test_a_run_that_still_trains_has_written_nothing_yet() -> None:
    assert output_seen_until(run_in(RunStatus.RUNNING, job=Job(id="j", submitted_at=NOW))) is None


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30))
@deterministic(200)
def test_whoever_asks_in_whatever_order_the_deployed_model_never_gets_older(asked: list[tuple[int, bool]]) -> None:
    slot = EMPTY
    for number, (minute, succeeds) in enumerate(asked):
        time, before = NOW + minute * MINUTE, slot.deployed
        answer = ask(slot, f"{time:%Y%m%dT%H%M%SZ}-{number}", time, NOW, 1)
        if not isinstance(answer, Taken):
            assert isinstance(answer, Passed)
            continue
        run = replace(
            _ended(RunStatus.SUCCEEDED if succeeds else RunStatus.FAILED),
            id=answer.slot.active[0].run,
            may_be_live=True,
        )
        slot = settled(answer.slot, replace(run, blob=replace(run.blob, last_modified=time)))
        after = slot.deployed
        assert before is None or (after is not None and after.blob_last_modified >= before.blob_last_modified)
