"""Rules for a run whose archived model is on its way into the scoring web services.

A run has one update for each update resource activity. They take turns; each has its own attempts, waits and outcome,
and one's trouble never keeps another from going on.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from .effects import FollowUpdate, ReadScoring, SendModel, TakeUpdateSeat
from .errors import NotFound, TransientError
from .moves import NEXT_LOOK, Decision, Situation, backed_off, moved
from .observed import (
    CallFailed,
    ModelSent,
    ScoringSeen,
    SeatBusy,
    SeatTaken,
    SlotTaken,
    UpdateAnswered,
    UpdateSeen,
    UpdateState,
)
from .policy import may_retry, overran, wait_before_retry
from .run import Failure, Run, RunStatus, Update
from .updates_ended import run_ended

WITHOUT_EFFECT = (
    "the scoring web service called the update complete, but still names {serving}. Check that trainedModelName is the "
    "asset that it scores with, and that it can read the archived model"
)
EFFECT_GRACE = timedelta(minutes=2)
"""How long after an update call the service may still name the old model, though it called the update complete."""

UNDEFINED = "the pipeline has no update resource activity of this name any more"


def begin_update(case: Situation) -> Decision:
    """The model is archived: read before write, so that a wrong name is an error and not a silent nothing."""
    run = moved(case.run, RunStatus.UPDATING, case.now)
    return _seated(case.with_run(_as_defined(case.with_run(run))))


def slot_held(case: Situation, seen: SlotTaken) -> Decision:
    """The updates may have been sent or not, and may be under way: the scoring web services are asked."""
    return _seated(case.with_run(replace(_as_defined(case), claim=seen.claim)))


def seat_taken(case: Situation, seen: SeatTaken) -> Decision:
    """Nobody else of this pipeline updates. The time spent waiting for the seat is no part of the activities' own."""
    run = replace(case.run, claim=seen.claim)
    return go_on(case.with_run(run if _was_seated(case.run) else _begun_now(run, case.now)))


def seat_busy(case: Situation, seen: SeatBusy) -> Decision:
    """One of those that hold the slot at a time."""
    return case.waits(f"run {', '.join(seen.updating)} of the same pipeline, which updates now")


def answered(case: Situation, seen: UpdateAnswered) -> Decision:
    """What a scoring web service's answer means for the activity that asked it."""
    update = _update_of(case, seen.activity)
    match seen.answer:
        case ScoringSeen() as scoring:
            return _scoring_seen(case, update, scoring)
        case ModelSent(operation):
            return _changed(case, replace(update, sent_at=case.now, operation=operation))
        case UpdateSeen() as progress:
            return _progress_seen(case, update, progress)


def call_failed(case: Situation, seen: CallFailed) -> Decision:
    """Transient: later, within the activity's timeout. Anything else ends the update in the service's own words.

    Without the slot nothing is sent and no time is up: what is left of an ended run looks the same.
    """
    if not isinstance(seen.effect, ReadScoring | SendModel | FollowUpdate):
        return case.again_later(seen.error)
    update = _update_of(case, seen.effect.activity)
    if isinstance(seen.effect, FollowUpdate) and isinstance(seen.error, NotFound):
        return _changed(case, replace(update, operation=None))
    if not isinstance(seen.error, TransientError):
        return _ended(case, update, RunStatus.FAILED, Failure.of(seen.error))
    if _overran(case, update):
        return _timed_out(case, update, str(seen.error))
    return _changed(case, backed_off(update, seen.error, case.now))


def go_on(case: Situation) -> Decision:
    """The next call for the first update that is due; the end, if all have ended; else wait for the first."""
    run, updates = case.run, case.run.updates
    if all(update.outcome for update in updates):
        return run_ended(case)
    due = next((update for update in updates if update.due(case.now)), None)
    if due:
        return case.leased(run, _next_call(due))
    open_updates = [update for update in updates if update.outcome is None]
    return Decision(
        replace(
            run,
            next_check_at=min(update.next_check_at for update in open_updates),
            failures=max(update.failures for update in open_updates),
            waits_for="; ".join(_told(case, update) for update in open_updates),
        )
    )


def _seated(case: Situation) -> Decision:
    """Where one run at a time has the slot, the slot is the seat; where several have, one of them updates.

    Several may hold it still after the definitions' concurrency went down to 1.
    """
    holders = case.run.claim.slot.active if case.run.claim else ()
    alone = case.policies.training.concurrency == 1 and len(holders) <= 1
    return go_on(case) if alone else case.unchanged(TakeUpdateSeat())


def _was_seated(run: Run) -> bool:
    return run.claim is not None and run.claim.slot.updating == run.id


def _begun_now(run: Run, now: datetime) -> Run:
    return replace(run, updates=tuple(replace(each, started_at=now, next_check_at=now) for each in run.updates))


def _as_defined(case: Situation) -> Run:
    """The run with an update for each activity that the definitions have by now; one that they lack has failed."""
    defined, known = case.policies.updates, {update.activity for update in case.run.updates}
    gone = Failure(message=UNDEFINED)
    kept = tuple(
        each if each.outcome or each.activity in defined else replace(each, outcome=RunStatus.FAILED, failure=gone)
        for each in case.run.updates
    )
    added = tuple(
        Update(activity=activity, started_at=case.now, next_check_at=case.now)
        for activity in defined
        if activity not in known
    )
    return replace(case.run, updates=(*kept, *added)) if added or kept != case.run.updates else case.run


def _next_call(update: Update) -> FollowUpdate | ReadScoring:
    if update.operation:
        return FollowUpdate(update.activity, update.operation)
    return ReadScoring(update.activity)


def _update_of(case: Situation, activity: str) -> Update:
    return next(update for update in case.run.updates if update.activity == activity)


def _scoring_seen(case: Situation, update: Update, seen: ScoringSeen) -> Decision:
    """Promise 6: updated means that the service was asked again and named this model."""
    if seen.serves_model:
        return _changed(case, replace(update, outcome=RunStatus.SUCCEEDED, waits_for="", failures=0, operation=None))
    if update.sent_at is None:
        return _offered(case, update)
    serving = seen.serving or "no model"
    if update.confirmed and case.now - update.sent_at >= EFFECT_GRACE:
        return _attempt_ended(case, update, RunStatus.FAILED, WITHOUT_EFFECT.format(serving=serving))
    if _overran(case, update):
        return _timed_out(case, update, f"it still names {serving}")
    return _waits(case, update, f"the scoring web service, which still names {serving}")


def _progress_seen(case: Situation, update: Update, seen: UpdateSeen) -> Decision:
    """Done: ask what is served. Failed: another attempt, if there is one. Else wait for the next tick."""
    if seen.state is UpdateState.SUCCEEDED:
        return _changed(case, replace(update, operation=None, confirmed=True))
    if seen.state is UpdateState.FAILED:
        words = f"the scoring web service could not carry out the update: {seen.words}"
        return _attempt_ended(case, update, RunStatus.FAILED, words)
    if _overran(case, update):
        return _timed_out(case, update, f"its update is still under way ({seen.words})")
    return _waits(case, update, f"the scoring web service's update ({seen.words})")


def _changed(case: Situation, update: Update) -> Decision:
    return go_on(case.with_run(_with(case.run, update)))


def _with(run: Run, update: Update) -> Run:
    updates = tuple(update if each.activity == update.activity else each for each in run.updates)
    return replace(run, updates=updates)


def _offered(case: Situation, update: Update) -> Decision:
    return case.leased(replace(_with(case.run, update), may_be_live=True), SendModel(update.activity))


def _waits(case: Situation, update: Update, why: str) -> Decision:
    return _changed(case, replace(update, waits_for=why, failures=0, next_check_at=case.now + NEXT_LOOK))


def _timed_out(case: Situation, update: Update, why: str) -> Decision:
    limit = case.policies.updates[update.activity].timeout
    took = case.now - update.started_at
    message = (
        f"the scoring web service did not take the model within the activity's timeout of {limit} "
        f"(attempt {update.attempt}, {took}): {why}"
    )
    return _attempt_ended(case, update, RunStatus.TIMED_OUT, message)


def _attempt_ended(case: Situation, update: Update, outcome: RunStatus, why: str) -> Decision:
    """Another execution of the update resource activity, if its policy has one left; else the update's end."""
    policy = case.policies.updates[update.activity]
    if not may_retry(policy, update.attempt):
        return _ended(case, update, outcome, Failure(message=why))
    begins = case.now + wait_before_retry(policy, update.attempt)
    again = Update(
        activity=update.activity,
        attempt=update.attempt + 1,
        started_at=begins,
        next_check_at=begins,
        waits_for=f"attempt {update.attempt + 1} after: {why}",
    )
    return _offered(case, again) if begins <= case.now else _changed(case, again)


def _ended(case: Situation, update: Update, outcome: RunStatus, failure: Failure) -> Decision:
    return _changed(case, replace(update, outcome=outcome, failure=failure, waits_for=""))


def _told(case: Situation, update: Update) -> str:
    return update.waits_for if len(case.run.updates) == 1 else f"{update.activity}: {update.waits_for}"


def _overran(case: Situation, update: Update) -> bool:
    return overran(case.policies.updates[update.activity], update.started_at, case.now)
