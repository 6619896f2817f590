"""The state machine, rule by rule: status and observation in, status and next call out."""

from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from functions.retraining.core import effects
from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.decide import RULES, decide
from functions.retraining.core.effects import (
    ArchiveBlob,
    ArchiveOutput,
    CancelJob,
    CheckBlob,
    Effect,
    GetJob,
    ReadScoring,
    SendModel,
    Start,
    Submit,
    TakeSlot,
)
from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, ServiceError, TransientError
from functions.retraining.core.moves import TRANSITIONS, Decision, moved
from functions.retraining.core.observed import (
    Arrived,
    BlobSeen,
    CallFailed,
    JobCancelled,
    JobSeen,
    JobStarted,
    JobStatus,
    JobSubmitted,
    Looked,
    ModelArchived,
    ModelPending,
    ModelSent,
    Observed,
    ScoringSeen,
    SlotBusy,
    SlotPassed,
    SlotTaken,
)
from functions.retraining.core.policy import LEASE, Policies
from functions.retraining.core.run import Job, Origin, Run, RunStatus
from functions.retraining.core.secret import Secret
from functions.retraining.core.slot import Deployed

from .runs import BLOB, CLAIM, HALF_HOUR, MODEL, NOW, ONCE, POLICIES, run_in

WAITING, SUBMITTING, SUBMITTED = RunStatus.WAITING, RunStatus.SUBMITTING, RunStatus.SUBMITTED
RUNNING, TRAINED, UPDATING = RunStatus.RUNNING, RunStatus.TRAINED, RunStatus.UPDATING
SUCCEEDED, FAILED, TIMED_OUT = RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.TIMED_OUT
CANCELLED, SUPERSEDED, SKIPPED = RunStatus.CANCELLED, RunStatus.SUPERSEDED, RunStatus.SKIPPED
ENDS_WITH_A_REASON = {FAILED, TIMED_OUT, CANCELLED, SUPERSEDED, SKIPPED}
AT_REST = (WAITING, SUBMITTING, SUBMITTED, RUNNING, UPDATING)

SOON, LATE = NOW + timedelta(minutes=1), NOW + HALF_HOUR
PLACE = BlobLocation(base="https://s/", relative="output/p.ilearner", sas=Secret("?sig=1"))
NEWER = Deployed(run="r2", blob_last_modified=NOW, model="models/p/two.ilearner", at=NOW)
OVERWRITTEN = replace(BLOB, etag="0x8D2")
BUSY = TransientError("call", "busy", status=503)
LOST = OutcomeUnknown("call", "no answer")
REFUSED = PermanentError("call", "refused", status=403, code="Forbidden", request_id="r1")
GONE = NotFound("call", "unknown", status=404)
SERVES, OTHER = ScoringSeen(("m",), MODEL.path, serves_model=True), ScoringSeen(("m",), "models/x", serves_model=False)

TABLE: list[tuple[Run, Observed, RunStatus, Effect | None]] = [
    (run_in(WAITING), Arrived(), WAITING, TakeSlot()),
    (run_in(WAITING), Looked(), WAITING, CheckBlob()),
    (run_in(WAITING), BlobSeen(BLOB), WAITING, TakeSlot()),
    (run_in(WAITING), BlobSeen(None), SKIPPED, None),
    (run_in(WAITING), BlobSeen(OVERWRITTEN), SUPERSEDED, None),
    (run_in(WAITING), SlotTaken(CLAIM), SUBMITTING, Submit()),
    (run_in(WAITING, Origin.TRAINED_MODEL), SlotTaken(CLAIM), WAITING, ArchiveBlob()),
    (run_in(WAITING), SlotBusy("r0"), WAITING, None),
    (run_in(WAITING), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(WAITING, Origin.TRAINED_MODEL), ModelArchived(MODEL), UPDATING, ReadScoring()),
    (run_in(WAITING, Origin.TRAINED_MODEL), ModelPending(), WAITING, None),
    (run_in(WAITING), CallFailed(CheckBlob(), BUSY), WAITING, None),
    (run_in(WAITING), CallFailed(TakeSlot(), REFUSED), WAITING, None),
    (run_in(WAITING, Origin.TRAINED_MODEL), CallFailed(ArchiveBlob(), REFUSED), FAILED, None),
    (run_in(SUBMITTING), Looked(), SUBMITTING, TakeSlot()),
    (run_in(SUBMITTING), SlotTaken(CLAIM), SUBMITTING, CheckBlob()),
    (run_in(SUBMITTING), SlotBusy("r0"), SUBMITTING, None),
    (run_in(SUBMITTING), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(SUBMITTING), BlobSeen(BLOB), SUBMITTING, Submit()),
    (run_in(SUBMITTING), BlobSeen(None), SKIPPED, None),
    (run_in(SUBMITTING), BlobSeen(OVERWRITTEN), SUPERSEDED, None),
    (run_in(SUBMITTING), JobSubmitted("job1", NOW), SUBMITTED, Start()),
    (run_in(SUBMITTING), CallFailed(Submit(), BUSY), SUBMITTING, None),
    (run_in(SUBMITTING), CallFailed(Submit(), LOST), SUBMITTING, None),
    (run_in(SUBMITTING), CallFailed(Submit(), REFUSED), FAILED, None),
    (run_in(SUBMITTING), CallFailed(Submit(), GONE), FAILED, None),
    (run_in(SUBMITTED), Looked(), SUBMITTED, TakeSlot()),
    (run_in(SUBMITTED), SlotTaken(CLAIM), SUBMITTED, Start()),
    (run_in(SUBMITTED), SlotBusy("r0"), SUBMITTED, None),
    (run_in(SUBMITTED), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(SUBMITTED), JobStarted(), RUNNING, None),
    (run_in(SUBMITTED), JobCancelled(), SUBMITTED, CheckBlob()),
    (run_in(SUBMITTED), BlobSeen(BLOB), SUBMITTING, Submit()),
    (run_in(SUBMITTED), CallFailed(Start(), LOST), SUBMITTED, None),
    (run_in(SUBMITTED), CallFailed(Start(), GONE), SUBMITTED, CheckBlob()),
    (run_in(SUBMITTED), CallFailed(Start(), REFUSED), FAILED, None),
    (run_in(RUNNING), Looked(), RUNNING, GetJob()),
    (run_in(RUNNING, job=Job(id="job1", submitted_at=NOW, cancelled_at=NOW)), Looked(), RUNNING, TakeSlot()),
    (run_in(RUNNING), SlotTaken(CLAIM), RUNNING, GetJob()),
    (run_in(RUNNING), SlotBusy("r0"), RUNNING, None),
    (run_in(RUNNING), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(RUNNING), JobSeen(JobStatus.NOT_STARTED), RUNNING, None),
    (run_in(RUNNING), JobSeen(JobStatus.RUNNING), RUNNING, None),
    (run_in(RUNNING), JobSeen(JobStatus.FINISHED, PLACE), RUNNING, ArchiveOutput(PLACE)),
    (run_in(RUNNING), JobSeen(JobStatus.FINISHED), FAILED, None),
    (run_in(RUNNING), JobSeen(JobStatus.FAILED, details="bad"), RUNNING, CheckBlob()),
    (run_in(RUNNING), JobSeen(JobStatus.CANCELLED), CANCELLED, None),
    (run_in(RUNNING), JobCancelled(), RUNNING, CheckBlob()),
    (run_in(RUNNING), BlobSeen(BLOB), SUBMITTING, Submit()),
    (run_in(RUNNING), BlobSeen(None), SKIPPED, None),
    (run_in(RUNNING), ModelArchived(MODEL), UPDATING, ReadScoring()),
    (run_in(RUNNING), ModelPending(), RUNNING, None),
    (run_in(RUNNING), CallFailed(GetJob(), BUSY), RUNNING, None),
    (run_in(RUNNING), CallFailed(GetJob(), GONE), RUNNING, CheckBlob()),
    (run_in(RUNNING), CallFailed(GetJob(), REFUSED), FAILED, None),
    (run_in(RUNNING), CallFailed(ArchiveOutput(PLACE), GONE), FAILED, None),
    (run_in(UPDATING), Looked(), UPDATING, TakeSlot()),
    (run_in(UPDATING), SlotTaken(CLAIM), UPDATING, ReadScoring()),
    (run_in(UPDATING), SlotBusy("r0"), UPDATING, None),
    (run_in(UPDATING), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(UPDATING), SERVES, SUCCEEDED, None),
    (run_in(UPDATING), OTHER, UPDATING, SendModel()),
    (run_in(UPDATING, model_sent_at=NOW), OTHER, UPDATING, None),
    (run_in(UPDATING), ModelSent(), UPDATING, ReadScoring()),
    (run_in(UPDATING), CallFailed(SendModel(), LOST), UPDATING, None),
    (run_in(UPDATING), CallFailed(SendModel(), REFUSED), FAILED, None),
    (run_in(UPDATING), CallFailed(TakeSlot(), REFUSED), UPDATING, None),
]


@pytest.mark.parametrize(
    ("run", "seen", "status", "effect"), TABLE, ids=[f"{each[0].status}-{each[1]}"[:90] for each in TABLE]
)
def test_what_a_run_does_next(run: Run, seen: Observed, status: RunStatus, effect: Effect | None) -> None:
    decision = decide(run, seen, POLICIES, SOON)
    assert (decision.run.status, decision.effect) == (status, effect)
    between_attempts = effect == CheckBlob() and run.status in {SUBMITTED, RUNNING}
    assert (decision.run.failure is not None) == (between_attempts or status in ENDS_WITH_A_REASON)


def test_the_table_above_tries_every_rule() -> None:
    assert {(run.status, type(seen)) for run, seen, _, _ in TABLE} == set(RULES)


LATE_TABLE: list[tuple[Run, Observed, Policies, RunStatus, Effect | None]] = [
    (run_in(SUBMITTING), BlobSeen(BLOB), POLICIES, SUBMITTING, Submit()),
    (run_in(SUBMITTING), BlobSeen(BLOB), ONCE, TIMED_OUT, None),
    (run_in(SUBMITTED), SlotTaken(CLAIM), ONCE, SUBMITTED, CancelJob()),
    (run_in(SUBMITTED), CallFailed(Start(), BUSY), ONCE, SUBMITTED, CancelJob()),
    (run_in(SUBMITTED), JobCancelled(), ONCE, TIMED_OUT, None),
    (run_in(RUNNING), Looked(), ONCE, RUNNING, GetJob()),
    (run_in(RUNNING), JobSeen(JobStatus.RUNNING), ONCE, RUNNING, CancelJob()),
    (run_in(RUNNING), JobSeen(JobStatus.FINISHED, PLACE), ONCE, RUNNING, ArchiveOutput(PLACE)),
    (run_in(RUNNING), CallFailed(GetJob(), BUSY), ONCE, RUNNING, CancelJob()),
    (run_in(RUNNING), CallFailed(ArchiveOutput(PLACE), BUSY), ONCE, TIMED_OUT, None),
    (run_in(RUNNING), JobCancelled(), ONCE, TIMED_OUT, None),
    (run_in(RUNNING), JobSeen(JobStatus.FAILED, details="bad"), ONCE, FAILED, None),
    (run_in(RUNNING), CallFailed(CancelJob(), BUSY), ONCE, RUNNING, None),
    (run_in(UPDATING, model_sent_at=NOW), OTHER, POLICIES, UPDATING, SendModel()),
    (run_in(UPDATING, model_sent_at=NOW), OTHER, ONCE, TIMED_OUT, None),
    (run_in(UPDATING), OTHER, ONCE, UPDATING, SendModel()),
    (run_in(UPDATING), CallFailed(ReadScoring(), BUSY), ONCE, TIMED_OUT, None),
    (run_in(UPDATING), CallFailed(TakeSlot(), BUSY), ONCE, UPDATING, None),
    (run_in(UPDATING), SERVES, ONCE, SUCCEEDED, None),
]


@pytest.mark.parametrize(
    ("run", "seen", "policies", "status", "effect"),
    LATE_TABLE,
    ids=[f"{each[0].status}-{each[1]}"[:90] for each in LATE_TABLE],
)
def test_what_a_run_does_next_past_its_timeout(
    run: Run, seen: Observed, policies: Policies, status: RunStatus, effect: Effect | None
) -> None:
    decision = decide(run, seen, policies, LATE)
    assert (decision.run.status, decision.effect) == (status, effect)


@pytest.mark.parametrize("status", AT_REST)
def test_a_run_at_rest_can_always_be_looked_at(status: RunStatus) -> None:
    assert (status, Looked) in RULES


@pytest.mark.parametrize("status", [SUBMITTING, SUBMITTED, UPDATING])
def test_an_intent_that_was_left_on_record_asks_for_the_slot_before_anything_else(status: RunStatus) -> None:
    assert decide(run_in(status), Looked(), POLICIES, SOON).effect == TakeSlot()


def test_trained_is_passed_through_and_never_at_rest() -> None:
    assert TRANSITIONS[TRAINED] == {UPDATING}
    assert not [key for key in RULES if key[0] is TRAINED]


def test_every_move_of_every_rule_is_in_the_transition_table() -> None:
    for run, seen, _, _ in TABLE:
        for policies, now in ((POLICIES, SOON), (ONCE, SOON), (POLICIES, LATE), (ONCE, LATE)):
            after = decide(run, seen, policies, now).run
            steps = [run.status, *(step.status for step in after.history[len(run.history) :])]
            moves = [(one, two) for one, two in pairwise(steps) if one is not two]
            assert all(two in TRANSITIONS[one] for one, two in moves), (run.status, seen)


def test_every_status_is_an_end_or_has_moves_and_every_move_is_reachable() -> None:
    assert {status for status in RunStatus if status not in TRANSITIONS} == {s for s in RunStatus if s.ended}
    assert set().union(*TRANSITIONS.values()) | {WAITING} == set(RunStatus)


@pytest.mark.parametrize("status", [status for status in RunStatus if status.ended])
def test_a_run_that_has_ended_is_never_changed(status: RunStatus) -> None:
    run = run_in(status)
    for _, seen, _, _ in TABLE:
        assert decide(run, seen, POLICIES, LATE) == Decision(run)


def test_what_cannot_be_observed_of_a_run_is_a_defect_of_the_caller() -> None:
    with pytest.raises(LookupError, match=r"is waiting; JobStarted cannot be observed"):
        decide(run_in(WAITING), JobStarted(), POLICIES, NOW)


def test_a_move_that_the_table_does_not_have_is_a_defect_of_a_rule() -> None:
    with pytest.raises(ValueError, match="no move from waiting to running"):
        moved(run_in(WAITING), RUNNING, NOW)


@pytest.mark.parametrize("status", [RUNNING, SUBMITTED])
def test_a_run_without_the_job_its_status_promises_is_a_defect(status: RunStatus) -> None:
    with pytest.raises(ValueError, match="without a job"):
        decide(run_in(status, job=None), CallFailed(GetJob(), GONE), POLICIES, NOW)


def test_each_call_that_must_be_on_record_first_leaves_a_lease_with_it() -> None:
    for run, seen, _, effect in TABLE:
        if effect is not None and effect.recorded_first:
            assert decide(run, seen, POLICIES, SOON).run.next_check_at == SOON + LEASE, (run.status, seen)


def test_the_calls_that_may_do_harm_unrecorded_are_recorded_first() -> None:
    recorded = {kind for kind in vars(effects).values() if getattr(kind, "recorded_first", False)}
    assert recorded == {Submit, Start, CancelJob, SendModel}


def test_the_job_is_on_record_before_it_is_started() -> None:
    decision = decide(run_in(SUBMITTING), JobSubmitted("job7", NOW), POLICIES, SOON)
    assert decision.run.job == Job(id="job7", submitted_at=NOW)
    assert decision.effect == Start()


def test_a_new_attempt_forgets_the_last_ones_job_and_has_its_own_time() -> None:
    run = decide(run_in(RUNNING), BlobSeen(BLOB), POLICIES, SOON).run
    assert (run.attempt, run.attempt_started_at, run.job) == (2, SOON, None)


def test_a_lost_answer_to_submit_is_written_down() -> None:
    run = decide(run_in(SUBMITTING), CallFailed(Submit(), LOST), POLICIES, SOON).run
    assert "never started may remain" in run.history[-1].note


def test_a_model_may_be_live_from_the_moment_it_is_offered() -> None:
    assert not decide(run_in(UPDATING), SlotTaken(CLAIM), POLICIES, SOON).run.may_be_live
    assert decide(run_in(UPDATING), OTHER, POLICIES, SOON).run.may_be_live


@pytest.mark.parametrize(("verified", "words"), [(True, "is live already"), (False, "may be live")])
def test_a_superseded_run_says_by_what_and_how_sure_that_is(verified: bool, words: str) -> None:  # noqa: FBT001 - a case
    failure = decide(run_in(WAITING), SlotPassed(NEWER, verified), POLICIES, SOON).run.failure
    assert failure is not None
    assert "r2" in failure.message
    assert words in failure.message


@pytest.mark.parametrize("error", [BUSY, LOST])
def test_a_failure_for_now_backs_off_and_says_why(error: ServiceError) -> None:
    run = decide(run_in(SUBMITTING, failures=2), CallFailed(Submit(), error), POLICIES, SOON).run
    assert run.failures == 3
    assert run.next_check_at == SOON + timedelta(minutes=1)
    assert error.message in run.waits_for


def test_what_is_waited_for_is_recorded_once() -> None:
    first = decide(run_in(WAITING), SlotBusy("r0"), POLICIES, SOON).run
    again = decide(first, SlotBusy("r0"), POLICIES, LATE).run
    assert again is first
    assert decide(first, SlotBusy("r9"), POLICIES, LATE).run.waits_for != first.waits_for


def test_waiting_for_something_else_forgets_failures() -> None:
    run = run_in(UPDATING, model_sent_at=NOW, failures=4, waits_for="busy")
    assert decide(run, OTHER, POLICIES, SOON).run.failures == 0


def test_a_quiet_running_job_changes_nothing() -> None:
    run = run_in(RUNNING)
    assert decide(run, JobSeen(JobStatus.RUNNING), POLICIES, SOON).run is run
    healed = decide(replace(run, failures=2, waits_for="busy"), JobSeen(JobStatus.RUNNING), POLICIES, SOON).run
    assert (healed.failures, healed.waits_for) == (0, "")


def test_the_history_keeps_its_last_hundred_lines() -> None:
    run = run_in(SUBMITTING)
    for _ in range(150):
        run = decide(run, CallFailed(Submit(), LOST), POLICIES, SOON).run
    assert len(run.history) == 100
