"""The state machine, rule by rule: status and observation in, status and next call out."""

from dataclasses import replace as changed
from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from functions.retraining.core import effects
from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.decide import RULES, decide
from functions.retraining.core.definitions import ExternalData
from functions.retraining.core.effects import (
    ArchiveBlob,
    ArchiveOutput,
    CancelJob,
    CheckBlob,
    CheckInputs,
    Effect,
    FollowUpdate,
    GetJob,
    ReadScoring,
    SendModel,
    Start,
    Submit,
    TakeSlot,
    TakeUpdateSeat,
)
from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, ServiceError, TransientError
from functions.retraining.core.moves import TRANSITIONS, Decision, moved, says_nothing_new
from functions.retraining.core.observed import (
    Arrived,
    BlobSeen,
    CallFailed,
    InputsSeen,
    JobCancelled,
    JobSeen,
    JobStarted,
    JobStatus,
    JobSubmitted,
    Looked,
    MissingInput,
    ModelArchived,
    ModelPending,
    ModelSent,
    Observed,
    Overtaken,
    ScoringSeen,
    SeatBusy,
    SeatTaken,
    SlotBusy,
    SlotPassed,
    SlotTaken,
    SlotUnreadable,
    UpdateAnswered,
    UpdateSeen,
    UpdateState,
)
from functions.retraining.core.policy import LEASE, Policies
from functions.retraining.core.run import Job, Origin, Run, RunStatus
from functions.retraining.core.secret import Secret
from functions.retraining.core.slot import Deployed, Holder, Slot, SlotClaim
from functions.retraining.core.updating import EFFECT_GRACE

from .runs import AGAIN, BLOB, CLAIM, HALF_HOUR, MODEL, NOW, ONCE, POLICIES, UPDATE, run_in

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
SERVES = UpdateAnswered("update", ScoringSeen(("m",), MODEL.path, serves_model=True))
OTHER = UpdateAnswered("update", ScoringSeen(("m",), "models/x", serves_model=False))
SENT = replace(UPDATE, sent_at=NOW)
FOLLOWED, FOLLOW = replace(SENT, operation="op"), FollowUpdate("update", "op")
CONFIRMED = replace(UPDATE, sent_at=NOW - EFFECT_GRACE, confirmed=True)
GOES_ON, DONE, REJECTED = (UpdateAnswered("update", UpdateSeen(state, "words")) for state in UpdateState)
LATER = replace(BLOB, name="p/other.csv", last_modified=BLOB.last_modified + timedelta(seconds=1))
SAME_SECOND_BEFORE, SAME_SECOND_AFTER = replace(BLOB, name="p/day0.csv"), replace(BLOB, name="p/day2.csv")
MISSING = MissingInput("examples/p/other.csv", ExternalData())
LONG_AGO = NOW - timedelta(minutes=39)

TABLE: list[tuple[Run, Observed, RunStatus, Effect | None]] = [
    (run_in(WAITING), Arrived(), WAITING, TakeSlot()),
    (run_in(WAITING), Looked(), WAITING, CheckBlob()),
    (run_in(WAITING), BlobSeen(BLOB), WAITING, TakeSlot()),
    (run_in(WAITING), BlobSeen(None), SKIPPED, None),
    (run_in(WAITING), BlobSeen(OVERWRITTEN), SUPERSEDED, None),
    (run_in(WAITING), SlotTaken(CLAIM), SUBMITTING, Submit()),
    (run_in(WAITING, Origin.TRAINED_MODEL), SlotTaken(CLAIM), WAITING, ArchiveBlob()),
    (run_in(WAITING), SlotBusy(("r0",)), WAITING, None),
    (run_in(WAITING), SlotUnreadable("damaged"), WAITING, None),
    (run_in(WAITING), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(WAITING, Origin.TRAINED_MODEL), ModelArchived(MODEL), UPDATING, ReadScoring("update")),
    (run_in(WAITING, Origin.TRAINED_MODEL), ModelPending(), WAITING, None),
    (run_in(WAITING), CallFailed(CheckBlob(), BUSY), WAITING, None),
    (run_in(WAITING), CallFailed(TakeSlot(), REFUSED), WAITING, None),
    (run_in(WAITING, Origin.TRAINED_MODEL), CallFailed(ArchiveBlob(), REFUSED), FAILED, None),
    (run_in(WAITING), InputsSeen({"examples": BLOB}), WAITING, TakeSlot()),
    (run_in(WAITING), InputsSeen({"examples": BLOB, "other": LATER}), SUPERSEDED, None),
    (run_in(WAITING), InputsSeen({"examples": BLOB, "other": SAME_SECOND_BEFORE}), WAITING, TakeSlot()),
    (run_in(WAITING), InputsSeen({"examples": BLOB, "other": SAME_SECOND_AFTER}), SUPERSEDED, None),
    (run_in(WAITING), InputsSeen({"examples": BLOB, "other": LATER}, apart=frozenset({"other"})), WAITING, TakeSlot()),
    (run_in(WAITING), InputsSeen({"examples": BLOB}, (MISSING,)), WAITING, None),
    (run_in(WAITING, created_at=LONG_AGO), InputsSeen({"examples": BLOB}, (MISSING,)), TIMED_OUT, None),
    (run_in(WAITING), InputsSeen({"examples": BLOB}, (MISSING,), "too small"), SKIPPED, None),
    (run_in(WAITING), CallFailed(CheckInputs(), GONE), WAITING, None),
    (run_in(WAITING), Overtaken("r2"), SUPERSEDED, None),
    (run_in(SUBMITTING), Looked(), SUBMITTING, TakeSlot()),
    (run_in(SUBMITTING), SlotTaken(CLAIM), SUBMITTING, CheckBlob()),
    (run_in(SUBMITTING), SlotBusy(("r0",)), SUBMITTING, None),
    (run_in(SUBMITTING), SlotUnreadable("damaged"), SUBMITTING, None),
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
    (run_in(SUBMITTED), SlotBusy(("r0",)), SUBMITTED, None),
    (run_in(SUBMITTED), SlotUnreadable("damaged"), SUBMITTED, None),
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
    (run_in(RUNNING), SlotBusy(("r0",)), RUNNING, None),
    (run_in(RUNNING), SlotUnreadable("damaged"), RUNNING, None),
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
    (run_in(RUNNING), ModelArchived(MODEL), UPDATING, ReadScoring("update")),
    (run_in(RUNNING), ModelPending(), RUNNING, None),
    (run_in(RUNNING), CallFailed(GetJob(), BUSY), RUNNING, None),
    (run_in(RUNNING), CallFailed(GetJob(), GONE), RUNNING, CheckBlob()),
    (run_in(RUNNING), CallFailed(GetJob(), REFUSED), FAILED, None),
    (run_in(RUNNING), CallFailed(ArchiveOutput(PLACE), GONE), FAILED, None),
    (run_in(UPDATING), Looked(), UPDATING, TakeSlot()),
    (run_in(UPDATING), SlotTaken(CLAIM), UPDATING, ReadScoring("update")),
    (run_in(UPDATING), SlotBusy(("r0",)), UPDATING, None),
    (run_in(UPDATING), SeatBusy(("r0",)), UPDATING, None),
    (run_in(UPDATING), SlotUnreadable("damaged"), UPDATING, None),
    (run_in(UPDATING), SlotPassed(NEWER), SUPERSEDED, None),
    (run_in(UPDATING), SERVES, SUCCEEDED, None),
    (run_in(UPDATING), OTHER, UPDATING, SendModel("update")),
    (run_in(UPDATING, updates=(SENT,)), OTHER, UPDATING, None),
    (run_in(UPDATING), UpdateAnswered("update", ModelSent()), UPDATING, ReadScoring("update")),
    (run_in(UPDATING), CallFailed(SendModel("update"), LOST), UPDATING, None),
    (run_in(UPDATING), CallFailed(SendModel("update"), REFUSED), FAILED, None),
    (run_in(UPDATING), CallFailed(TakeSlot(), REFUSED), UPDATING, None),
    (run_in(UPDATING), SeatTaken(CLAIM), UPDATING, ReadScoring("update")),
    (run_in(UPDATING), CallFailed(TakeUpdateSeat(), REFUSED), UPDATING, None),
    (run_in(UPDATING), UpdateAnswered("update", ModelSent("op")), UPDATING, FollowUpdate("update", "op")),
    (run_in(UPDATING, updates=(FOLLOWED,)), SlotTaken(CLAIM), UPDATING, FollowUpdate("update", "op")),
    (run_in(UPDATING, updates=(FOLLOWED,)), GOES_ON, UPDATING, None),
    (run_in(UPDATING, updates=(FOLLOWED,)), DONE, UPDATING, ReadScoring("update")),
    (run_in(UPDATING, updates=(FOLLOWED,)), REJECTED, UPDATING, SendModel("update")),
    (run_in(UPDATING, updates=(CONFIRMED,)), OTHER, UPDATING, SendModel("update")),
    (run_in(UPDATING, updates=(replace(SENT, confirmed=True),)), OTHER, UPDATING, None),
    (run_in(UPDATING, updates=(CONFIRMED,)), SERVES, SUCCEEDED, None),
    (run_in(UPDATING, updates=(FOLLOWED,)), CallFailed(FOLLOW, GONE), UPDATING, ReadScoring("update")),
    (run_in(UPDATING, updates=(FOLLOWED,)), CallFailed(FOLLOW, BUSY), UPDATING, None),
    (run_in(UPDATING, updates=(FOLLOWED,)), CallFailed(FOLLOW, REFUSED), FAILED, None),
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
    (run_in(UPDATING, updates=(SENT,)), OTHER, POLICIES, UPDATING, SendModel("update")),
    (run_in(UPDATING, updates=(SENT,)), OTHER, ONCE, TIMED_OUT, None),
    (run_in(UPDATING), OTHER, ONCE, UPDATING, SendModel("update")),
    (run_in(UPDATING), CallFailed(ReadScoring("update"), BUSY), ONCE, TIMED_OUT, None),
    (run_in(UPDATING), CallFailed(TakeSlot(), BUSY), ONCE, UPDATING, None),
    (run_in(UPDATING, updates=(FOLLOWED,)), GOES_ON, ONCE, TIMED_OUT, None),
    (run_in(UPDATING, updates=(FOLLOWED,)), CallFailed(FOLLOW, BUSY), ONCE, TIMED_OUT, None),
    (run_in(UPDATING, updates=(FOLLOWED,)), REJECTED, ONCE, FAILED, None),
    (run_in(UPDATING, updates=(CONFIRMED,)), OTHER, ONCE, FAILED, None),
    (run_in(UPDATING, updates=(CONFIRMED,)), SERVES, ONCE, SUCCEEDED, None),
    (run_in(UPDATING), SeatTaken(CLAIM), ONCE, UPDATING, ReadScoring("update")),
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
    first = decide(run_in(WAITING), SlotBusy(("r0",)), POLICIES, SOON).run
    again = decide(first, SlotBusy(("r0",)), POLICIES, LATE).run
    assert says_nothing_new(first, again, LATE)
    other = decide(first, SlotBusy(("r9",)), POLICIES, LATE).run
    assert not says_nothing_new(first, other, LATE)


def test_waiting_for_something_else_forgets_failures() -> None:
    run = run_in(UPDATING, updates=(replace(SENT, failures=4, waits_for="busy"),), failures=4, waits_for="busy")
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


TWO = changed(POLICIES, updates={"update": AGAIN, "second": AGAIN})
SECOND = replace(UPDATE, activity="second")


def test_an_answer_is_taken_for_the_activity_that_asked() -> None:
    run = run_in(UPDATING, updates=(SENT, SECOND))
    seen = UpdateAnswered("second", ModelSent("op2"))
    first, second = decide(run, seen, TWO, SOON).run.updates
    assert (first, second.operation, second.sent_at) == (SENT, "op2", SOON)
    refused = decide(run, CallFailed(ReadScoring("second"), REFUSED), TWO, SOON).run
    assert [update.outcome for update in refused.updates] == [None, FAILED]
    assert refused.status is UPDATING


def test_a_seat_that_is_new_begins_the_updates_time_and_one_that_was_held_does_not() -> None:
    seated = replace(CLAIM, slot=replace(CLAIM.slot, updating=run_in(UPDATING).id))
    assert decide(run_in(UPDATING), SeatTaken(seated), POLICIES, LATE).run.updates[0].started_at == LATE
    assert decide(run_in(UPDATING, claim=seated), SeatTaken(seated), POLICIES, LATE).run.updates[0].started_at == NOW


def test_where_several_runs_train_one_of_them_takes_the_seat_before_it_asks_or_sends_anything() -> None:
    several = changed(POLICIES, training=changed(AGAIN, concurrency=2))
    assert decide(run_in(RUNNING), ModelArchived(MODEL), several, SOON).effect == TakeUpdateSeat()
    assert decide(run_in(UPDATING), SlotTaken(CLAIM), several, SOON).effect == TakeUpdateSeat()


def test_the_seat_is_asked_for_while_others_hold_the_slot_too_whatever_the_definitions_say_by_now() -> None:
    holders = (Holder(run="r", since=NOW), Holder(run="r0", since=NOW))
    shared = SlotClaim(etag="e2", slot=Slot(pipeline="p", active=holders))
    assert POLICIES.training.concurrency == 1
    assert decide(run_in(UPDATING), SlotTaken(shared), POLICIES, SOON).effect == TakeUpdateSeat()


def test_a_document_without_updates_is_asked_about_and_not_taken_for_a_success() -> None:
    decision = decide(run_in(UPDATING, updates=()), SlotTaken(CLAIM), POLICIES, SOON)
    assert (decision.run.status, decision.effect) == (UPDATING, ReadScoring("update"))


def test_the_wait_before_another_attempt_is_on_record_with_its_time() -> None:
    waits = changed(POLICIES, training=changed(AGAIN, retry_interval=HALF_HOUR))
    decision = decide(run_in(RUNNING), JobSeen(JobStatus.FAILED, details="bad"), waits, SOON)
    assert (decision.run.status, decision.effect, decision.run.next_check_at) == (WAITING, None, SOON + HALF_HOUR)
    again = decide(decision.run, SlotTaken(CLAIM), waits, SOON + HALF_HOUR)
    assert (again.run.status, again.run.attempt, again.effect) == (SUBMITTING, 2, Submit())


@pytest.mark.parametrize(
    "policies", [changed(POLICIES, training=changed(AGAIN, delay=2 * HALF_HOUR)), changed(POLICIES, is_paused=True)]
)
@pytest.mark.parametrize("seen", [Arrived(), BlobSeen(BLOB)])
def test_a_run_whose_delay_is_not_over_or_whose_pipeline_is_paused_does_not_ask_for_the_slot(
    policies: Policies, seen: Observed
) -> None:
    decision = decide(run_in(WAITING), seen, policies, SOON)
    assert (decision.run.status, decision.effect) == (WAITING, None)


def test_what_a_training_reads_besides_the_example_is_looked_at_before_the_slot_is_asked_for() -> None:
    policies = changed(POLICIES, checks_inputs=True)
    assert decide(run_in(WAITING), Arrived(), policies, SOON).effect == CheckInputs()
    adopted = decide(run_in(WAITING, Origin.TRAINED_MODEL), Arrived(), policies, SOON)
    assert adopted.effect == TakeSlot()
