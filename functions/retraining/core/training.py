"""Rules for a run whose job is being submitted, started or run by the training web service."""

from msgspec.structs import replace

from .effects import OWN_STORAGE, ArchiveOutput, CancelJob, CheckBlob, GetJob, Start, Submit, TakeSlot
from .errors import NotFound, OutcomeUnknown, TransientError
from .moves import Decision, Situation, healed, lasted, moved, noted
from .observed import (
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
    SlotTaken,
)
from .policy import CANCEL_GRACE, may_retry, overran, wait_before_retry
from .run import Failure, Job, RunStatus
from .updating import begin_update
from .waiting import begin_attempt, blob_lost


def resumed(case: Situation, _: Looked) -> Decision:
    """An intent was left on record: make sure that the run still holds its slot before anything else."""
    return case.unchanged(TakeSlot())


def slot_held_before_submit(case: Situation, seen: SlotTaken) -> Decision:
    """The submit may have been sent or not: its job was not started, so submitting anew trains once all the same."""
    return Decision(replace(case.run, claim=seen.claim), CheckBlob())


def blob_checked_before_submit(case: Situation, seen: BlobSeen) -> Decision:
    """Submit this version, or give up on the attempt if it took too long to get there."""
    lost = blob_lost(case, seen.version)
    if lost:
        return lost
    if not _overran(case):
        return case.leased(case.run, Submit())
    after = _attempt_ended(case, RunStatus.TIMED_OUT, _timed_out(case))
    # The blob has just been read: to ask for it again would lead here again.
    return begin_attempt(case.with_run(after.run)) if after.effect else after


def job_submitted(case: Situation, seen: JobSubmitted) -> Decision:
    """The job id is on record before start is called: at most one training per attempt."""
    run = moved(case.run, RunStatus.SUBMITTED, case.now, f"job {seen.job_id}")
    return case.leased(replace(run, job=Job(id=seen.job_id, submitted_at=seen.at)), Start())


def slot_held_before_start(case: Situation, seen: SlotTaken) -> Decision:
    """The start may have been sent or not: sending it again is refused by the service if it was."""
    run = replace(case.run, claim=seen.claim)
    return _cancel(case.with_run(run)) if _overran(case) else case.leased(run, Start())


def job_started(case: Situation, _: JobStarted) -> Decision:
    """From now on the timer asks."""
    return Decision(moved(case.run, RunStatus.RUNNING, case.now))


def looked_at_running(case: Situation, _: Looked) -> Decision:
    """Ask for the job, also past its timeout: it may have finished in time while nobody looked.

    After a cancellation the slot is asked first: the run may have ended in the meantime.
    """
    return case.unchanged(TakeSlot() if _job(case).cancelled_at else GetJob())


def slot_held_while_cancelling(case: Situation, seen: SlotTaken) -> Decision:
    """Still ours."""
    return Decision(replace(case.run, claim=seen.claim), GetJob())


def job_seen(case: Situation, seen: JobSeen) -> Decision:
    """What the job's status means."""
    match seen.status:
        case JobStatus.FINISHED:
            return _finished(case, seen)
        case JobStatus.FAILED:
            details = seen.details or "the service gave no details"
            message = f"training failed: {details} (job {_job(case).id}, attempt {case.run.attempt})"
            return _attempt_ended(case, RunStatus.FAILED, Failure(message=message))
        case JobStatus.CANCELLED:
            return _cancelled(case)
        case _:
            return _cancel(case) if _overran(case) else Decision(healed(case.run, case.now))


def blob_checked_before_retry(case: Situation, seen: BlobSeen) -> Decision:
    """Another attempt only on the same version."""
    return blob_lost(case, seen.version) or begin_attempt(case)


def job_cancelled(case: Situation, _: JobCancelled) -> Decision:
    """The attempt overran its timeout and its job was stopped."""
    return _attempt_ended(case, RunStatus.TIMED_OUT, _timed_out(case))


def model_archived(case: Situation, seen: ModelArchived) -> Decision:
    """Trained; the copy is what goes live, whatever happens to the original."""
    run = moved(case.run, RunStatus.TRAINED, case.now, f"archived as {seen.model.path}")
    return begin_update(case.with_run(replace(run, model=seen.model)))


def model_pending(case: Situation, _: ModelPending) -> Decision:
    """A large model is copied by the storage service in its own time."""
    return case.waits("the archive copy of the trained model")


def call_failed(case: Situation, seen: CallFailed) -> Decision:
    """Transient: later. The job unknown: the attempt is over. Anything else ends the run in the service's own words.

    Our own storage's refusal says nothing about this run, not even that it is not going on elsewhere: later, too.
    """
    if isinstance(seen.effect, OWN_STORAGE):
        return case.again_later(seen.error)
    if isinstance(seen.error, TransientError):
        return _failed_for_now(case, seen, seen.error)
    if isinstance(seen.error, NotFound) and isinstance(seen.effect, Start | GetJob):
        message = f"the training web service no longer knows job {_job(case).id}: {seen.error.message}"
        return _attempt_ended(case, RunStatus.FAILED, replace(Failure.of(seen.error), message=message))
    return case.ends(RunStatus.FAILED, Failure.of(seen.error))


def _failed_for_now(case: Situation, seen: CallFailed, error: TransientError) -> Decision:
    if isinstance(seen.effect, CancelJob):
        return _cancel_failed(case, error)
    if _overran(case) and isinstance(seen.effect, Start | GetJob):
        return _cancel(case)
    if _overran(case) and isinstance(seen.effect, ArchiveOutput):
        return case.ends(RunStatus.TIMED_OUT, Failure.of(error))
    if isinstance(seen.effect, Submit) and isinstance(error, OutcomeUnknown):
        note = "the answer to submit was lost: a job that was never started may remain at the service"
        case = case.with_run(noted(case.run, case.run.status, case.now, note))
    return case.again_later(error)


def _cancel_failed(case: Situation, error: TransientError) -> Decision:
    if case.now - (_job(case).cancelled_at or case.now) < CANCEL_GRACE:
        return case.again_later(error)
    failure = _timed_out(case)
    message = f"{failure.message}; the service could not be asked to cancel job {_job(case).id}: {error}"
    return _attempt_ended(case, RunStatus.TIMED_OUT, replace(failure, message=message))


def _finished(case: Situation, seen: JobSeen) -> Decision:
    if seen.location:
        return case.unchanged(ArchiveOutput(seen.location))
    message = f"job {_job(case).id} finished, but its Results name no trained model: {seen.details}"
    return case.ends(RunStatus.FAILED, Failure(message=message))


def _cancelled(case: Situation) -> Decision:
    if _job(case).cancelled_at:
        return _attempt_ended(case, RunStatus.TIMED_OUT, _timed_out(case))
    message = f"job {_job(case).id} was cancelled at the training web service, not by this app"
    return case.ends(RunStatus.CANCELLED, Failure(message=message))


def _cancel(case: Situation) -> Decision:
    job = _job(case)
    run = replace(case.run, job=replace(job, cancelled_at=job.cancelled_at or case.now))
    return case.leased(run, CancelJob())


def _attempt_ended(case: Situation, status: RunStatus, failure: Failure) -> Decision:
    """Another execution of the batch execution activity, if its policy has one left: at once, or after its interval.

    Meanwhile the run keeps its slot.
    """
    policy, executions = case.policies.training, case.run.attempt
    if not may_retry(policy, executions):
        return case.ends(status, failure)
    wait = wait_before_retry(policy, executions)
    if not wait:
        run = noted(case.run, case.run.status, case.now, failure.message)
        return Decision(replace(run, failure=failure), CheckBlob())
    waiting = moved(case.run, RunStatus.WAITING, case.now, failure.message)
    why = f"attempt {executions + 1}, after: {failure.message}"
    return case.with_run(replace(waiting, failure=failure)).waits_until(case.now + wait, why)


def _overran(case: Situation) -> bool:
    return overran(case.policies.training, case.run.attempt_started_at, case.now)


def _timed_out(case: Situation) -> Failure:
    took = lasted(case.run, case.run.attempt_started_at, case.now)
    limit = case.policies.training.timeout
    return Failure(
        message=f"training took longer than the activity's timeout of {limit} (attempt {case.run.attempt}, {took})"
    )


def _job(case: Situation) -> Job:
    if case.run.job is None:
        message = f"run {case.run.id} is {case.run.status} without a job"
        raise ValueError(message)
    return case.run.job
