"""Rules for a run that has no job yet: is its blob still there, is the slot free, may it begin?"""

from datetime import datetime

from msgspec.structs import replace

from .blobs import BlobVersion
from .effects import ArchiveBlob, CheckBlob, CheckInputs, Submit, TakeSlot
from .moves import Decision, Situation, moved
from .observed import (
    Arrived,
    BlobSeen,
    InputsSeen,
    Looked,
    MissingInput,
    Overtaken,
    SlotBusy,
    SlotPassed,
    SlotTaken,
    SlotUnreadable,
)
from .policy import patience
from .run import Failure, Origin, RunStatus


def blob_just_read(case: Situation, _: Arrived) -> Decision:
    """The door has read the blob a moment ago."""
    return _when_ready(case)


def blob_not_read_lately(case: Situation, _: Looked) -> Decision:
    """Time has passed since the event: the blob may have been deleted or overwritten."""
    return case.unchanged(CheckBlob())


def blob_read_again(case: Situation, seen: BlobSeen) -> Decision:
    """Go on only with the very version this run is about."""
    return blob_lost(case, seen.version) or _when_ready(case)


def inputs_seen(case: Situation, seen: InputsSeen) -> Decision:
    """Begin when everything is there; a newer input has a run of its own, which reads this example too.

    Unless that input is of another slice: then its run reads another example, and this one is trained on here.
    """
    if seen.invalid:
        return case.ends(RunStatus.SKIPPED, Failure(message=seen.invalid))
    if seen.missing:
        return _input_missing(case, seen.missing[0])
    together = [blob for name, blob in seen.found.items() if name not in seen.apart]
    newer = [blob for blob in together if _key(blob) > _key(case.run.blob)]
    if newer:
        message = f"{newer[0].path} came later, and its run trains on both"
        return case.ends(RunStatus.SUPERSEDED, Failure(message=message))
    return Decision(replace(case.run, inputs=dict(seen.found)), TakeSlot())


def overtaken(case: Situation, seen: Overtaken) -> Decision:
    """supersedeOlderExamples: only the newest of several waiting examples is trained on."""
    message = f"a newer example (run {seen.by}) is there, and the pipeline's supersedeOlderExamples is set"
    return case.ends(RunStatus.SUPERSEDED, Failure(message=message))


def slot_taken(case: Situation, seen: SlotTaken) -> Decision:
    """Begin: train on a labeled example, archive an `.ilearner` that came from elsewhere."""
    run = replace(case.run, claim=seen.claim)
    if run.origin is Origin.TRAINED_MODEL:
        return Decision(run, ArchiveBlob())
    return begin_attempt(case.with_run(run))


def slot_busy(case: Situation, seen: SlotBusy) -> Decision:
    """As many runs of a pipeline at a time as its concurrency allows. Whoever asks for the slot in vain has none."""
    without = case.with_run(replace(case.run, claim=None)) if case.run.claim else case
    return without.waits(f"run {', '.join(seen.active)} of the same pipeline, which trains or updates now")


def slot_unreadable(case: Situation, seen: SlotUnreadable) -> Decision:
    """Without the slot nobody knows who trains and what is live: the whole pipeline waits until it can be read."""
    return case.waits(f"the pipeline's slot, which cannot be read: {seen.why}")


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


def _when_ready(case: Situation) -> Decision:
    """Ask for the slot, unless the pipeline is paused, the delay is not over, or inputs must be looked at."""
    if case.policies.is_paused:
        return case.waits("the pipeline, which is paused (isPaused)")
    begins = case.run.blob.last_modified + case.policies.training.delay
    if case.run.origin is Origin.LABELED_EXAMPLE and case.now < begins:
        return case.waits_until(begins, f"the activity's delay of {case.policies.training.delay}")
    if case.run.origin is Origin.LABELED_EXAMPLE and case.policies.checks_inputs:
        return case.unchanged(CheckInputs())
    return case.unchanged(TakeSlot())


def _input_missing(case: Situation, missing: MissingInput) -> Decision:
    """externalData: the first look after dataDelay, then each retryInterval, until its patience is over."""
    policy, since = missing.external_data, case.run.created_at
    if case.now - since >= patience(policy):
        message = f"{missing.path}, which is trained on too, was not there within {patience(policy)} (externalData)"
        return case.ends(RunStatus.TIMED_OUT, Failure(message=message))
    due = max(since + policy.data_delay, case.now + policy.retry_interval)
    return case.waits_until(due, f"{missing.path}, which is trained on too and is not there yet")


def _key(blob: BlobVersion) -> tuple[datetime, str]:
    """Which of two blobs came later; storage gives times to the second, so names decide between equal ones."""
    return blob.last_modified, blob.path
