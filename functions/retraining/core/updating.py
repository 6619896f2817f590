"""Rules for a run whose archived model is on its way into the scoring web service."""

from msgspec.structs import replace

from .effects import OWN_STORAGE, ReadScoring, SendModel
from .errors import TransientError
from .moves import Decision, Situation, lasted, moved
from .observed import CallFailed, ModelSent, ScoringSeen, SlotTaken
from .policy import may_retry, overran
from .run import Failure, Run, RunStatus


def begin_update(case: Situation) -> Decision:
    """The model is archived: read before write, so that a wrong name is an error and not a silent nothing."""
    run = moved(case.run, RunStatus.UPDATING, case.now)
    run = replace(run, update_attempt=1, update_started_at=case.now)
    return case.leased(run, ReadScoring())


def slot_held(case: Situation, seen: SlotTaken) -> Decision:
    """The update may have been sent or not: the scoring web service is asked."""
    return Decision(replace(case.run, claim=seen.claim), ReadScoring())


def scoring_seen(case: Situation, seen: ScoringSeen) -> Decision:
    """Promise 6: updated means that the service was asked again and named this model."""
    if seen.serves_model:
        return Decision(moved(case.run, RunStatus.SUCCEEDED, case.now, "the scoring web service names this model"))
    if case.run.model_sent_at is None:
        return _offered(case, case.run)
    if overran(case.policies.update, case.run.update_started_at, case.now):
        return _attempt_ended(case, f"it still names {seen.serving or 'no model'}")
    return case.waits(f"the scoring web service, which still names {seen.serving or 'no model'}")


def model_sent(case: Situation, _: ModelSent) -> Decision:
    """Taken is not yet in effect: ask."""
    return case.leased(replace(case.run, model_sent_at=case.now), ReadScoring())


def call_failed(case: Situation, seen: CallFailed) -> Decision:
    """Transient: later, within the activity's timeout. Anything else ends the run in the service's own words.

    Without the slot nothing is sent and no time is up: what is left of an ended run looks the same.
    """
    if isinstance(seen.effect, OWN_STORAGE):
        return case.again_later(seen.error)
    if not isinstance(seen.error, TransientError):
        return case.ends(RunStatus.FAILED, Failure.of(seen.error))
    if overran(case.policies.update, case.run.update_started_at, case.now):
        return _attempt_ended(case, str(seen.error))
    return case.again_later(seen.error)


def _offered(case: Situation, run: Run) -> Decision:
    return case.leased(replace(run, may_be_live=True), SendModel())


def _attempt_ended(case: Situation, why: str) -> Decision:
    run, policy = case.run, case.policies.update
    if may_retry(policy, run.update_attempt):
        again = replace(run, update_attempt=run.update_attempt + 1, update_started_at=case.now, model_sent_at=None)
        return _offered(case, again)
    took = lasted(run, run.update_started_at, case.now)
    message = (
        f"the scoring web service did not take the model within the activity's timeout of {policy.timeout} "
        f"(attempt {run.update_attempt}, {took}): {why}"
    )
    return case.ends(RunStatus.TIMED_OUT, Failure(message=message))
