"""Rules for a run that has no job yet: is its blob still there, is the slot free, may it begin?"""

from msgspec.structs import replace

from .blobs import BlobVersion
from .effects import ArchiveBlob, CheckBlob, Submit, TakeSlot
from .moves import Decision, Situation, moved
from .observed import Arrived, BlobSeen, Looked, SlotBusy, SlotPassed, SlotTaken
from .run import Failure, Origin, Run, RunStatus


def blob_just_read(case: Situation, _: Arrived) -> Decision:
    """The door has read the blob a moment ago; ask for the slot."""
    return case.unchanged(TakeSlot())


def blob_not_read_lately(case: Situation, _: Looked) -> Decision:
    """Time has passed since the event: the blob may have been deleted or overwritten."""
    return case.unchanged(CheckBlob())


def blob_read_again(case: Situation, seen: BlobSeen) -> Decision:
    """Go on only with the very version this run is about."""
    return blob_lost(case, seen.version) or case.unchanged(TakeSlot())


def slot_taken(case: Situation, seen: SlotTaken) -> Decision:
    """Begin: train on a labeled example, archive an `.ilearner` that came from elsewhere."""
    run = replace(case.run, claim=seen.claim)
    if run.origin is Origin.TRAINED_MODEL:
        return Decision(run, ArchiveBlob())
    return begin_attempt(replace_run(case, run))


def slot_busy(case: Situation, seen: SlotBusy) -> Decision:
    """One run of a pipeline at a time."""
    return case.waits(f"run {seen.active} of the same pipeline, which trains or updates now")


def slot_passed(case: Situation, seen: SlotPassed) -> Decision:
    """Promise 4: an older model never replaces a newer one."""
    live = seen.deployed
    how = "is live already" if seen.verified else "was offered to the scoring web service and may be live"
    message = (
        f"the model of run {live.run}, made from a newer blob ({live.blob_last_modified:%Y-%m-%d %H:%M:%S} UTC), "
        f"{how}; this one could only put an older model over it"
    )
    return case.ends(RunStatus.SUPERSEDED, Failure(message=message))


def begin_attempt(case: Situation) -> Decision:
    """Record the intent to submit, then submit: another execution of the batch execution activity."""
    attempt = case.run.attempt + 1
    run = moved(case.run, RunStatus.SUBMITTING, case.now, f"attempt {attempt}")
    run = replace(run, attempt=attempt, attempt_started_at=case.now, job=None)
    return case.leased(run, Submit())


def blob_lost(case: Situation, current: BlobVersion | None) -> Decision | None:
    """The run's end if its blob is gone or was replaced; None if it is still the same version."""
    if current is None:
        message = f"{case.run.blob.path} was deleted before it could be used; upload it again to retrain on it"
        return case.ends(RunStatus.SKIPPED, Failure(message=message))
    if current.etag != case.run.blob.etag:
        message = f"{case.run.blob.path} was overwritten before it could be used; its new version has a run of its own"
        return case.ends(RunStatus.SUPERSEDED, Failure(message=message))
    return None


def replace_run(case: Situation, run: Run) -> Situation:
    """The same situation with the run changed."""
    return Situation(run, case.policies, case.now)
