"""The one state machine: what a run does next, given what was observed. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from . import training, updating, waiting
from .moves import Decision, Situation
from .observed import (
    Arrived,
    BlobSeen,
    CallFailed,
    InputsSeen,
    JobCancelled,
    JobSeen,
    JobStarted,
    JobSubmitted,
    Looked,
    ModelArchived,
    ModelPending,
    Observed,
    Overtaken,
    SeatBusy,
    SeatTaken,
    SlotBusy,
    SlotPassed,
    SlotTaken,
    SlotUnreadable,
    UpdateAnswered,
)
from .policy import Policies
from .run import Run, RunStatus

type Rule = Callable[[Situation, Any], Decision]

RULES: dict[tuple[RunStatus, type[Observed]], Rule] = {
    (RunStatus.WAITING, Arrived): waiting.blob_just_read,
    (RunStatus.WAITING, Looked): waiting.blob_not_read_lately,
    (RunStatus.WAITING, BlobSeen): waiting.blob_read_again,
    (RunStatus.WAITING, InputsSeen): waiting.inputs_seen,
    (RunStatus.WAITING, Overtaken): waiting.overtaken,
    (RunStatus.WAITING, SlotTaken): waiting.slot_taken,
    (RunStatus.WAITING, SlotBusy): waiting.slot_busy,
    (RunStatus.WAITING, SlotUnreadable): waiting.slot_unreadable,
    (RunStatus.WAITING, SlotPassed): waiting.slot_passed,
    (RunStatus.WAITING, ModelArchived): training.model_archived,
    (RunStatus.WAITING, ModelPending): training.model_pending,
    (RunStatus.WAITING, CallFailed): training.call_failed,
    (RunStatus.SUBMITTING, Looked): training.resumed,
    (RunStatus.SUBMITTING, SlotTaken): training.slot_held_before_submit,
    (RunStatus.SUBMITTING, SlotBusy): waiting.slot_busy,
    (RunStatus.SUBMITTING, SlotUnreadable): waiting.slot_unreadable,
    (RunStatus.SUBMITTING, SlotPassed): waiting.slot_passed,
    (RunStatus.SUBMITTING, BlobSeen): training.blob_checked_before_submit,
    (RunStatus.SUBMITTING, JobSubmitted): training.job_submitted,
    (RunStatus.SUBMITTING, CallFailed): training.call_failed,
    (RunStatus.SUBMITTED, Looked): training.resumed,
    (RunStatus.SUBMITTED, SlotTaken): training.slot_held_before_start,
    (RunStatus.SUBMITTED, SlotBusy): waiting.slot_busy,
    (RunStatus.SUBMITTED, SlotUnreadable): waiting.slot_unreadable,
    (RunStatus.SUBMITTED, SlotPassed): waiting.slot_passed,
    (RunStatus.SUBMITTED, JobStarted): training.job_started,
    (RunStatus.SUBMITTED, JobCancelled): training.job_cancelled,
    (RunStatus.SUBMITTED, BlobSeen): training.blob_checked_before_retry,
    (RunStatus.SUBMITTED, CallFailed): training.call_failed,
    (RunStatus.RUNNING, Looked): training.looked_at_running,
    (RunStatus.RUNNING, SlotTaken): training.slot_held_while_cancelling,
    (RunStatus.RUNNING, SlotBusy): waiting.slot_busy,
    (RunStatus.RUNNING, SlotUnreadable): waiting.slot_unreadable,
    (RunStatus.RUNNING, SlotPassed): waiting.slot_passed,
    (RunStatus.RUNNING, JobSeen): training.job_seen,
    (RunStatus.RUNNING, JobCancelled): training.job_cancelled,
    (RunStatus.RUNNING, BlobSeen): training.blob_checked_before_retry,
    (RunStatus.RUNNING, ModelArchived): training.model_archived,
    (RunStatus.RUNNING, ModelPending): training.model_pending,
    (RunStatus.RUNNING, CallFailed): training.call_failed,
    (RunStatus.UPDATING, Looked): training.resumed,
    (RunStatus.UPDATING, SlotTaken): updating.slot_held,
    (RunStatus.UPDATING, SlotBusy): waiting.slot_busy,
    (RunStatus.UPDATING, SlotUnreadable): waiting.slot_unreadable,
    (RunStatus.UPDATING, SlotPassed): waiting.slot_passed,
    (RunStatus.UPDATING, SeatTaken): updating.seat_taken,
    (RunStatus.UPDATING, SeatBusy): updating.seat_busy,
    (RunStatus.UPDATING, UpdateAnswered): updating.answered,
    (RunStatus.UPDATING, CallFailed): updating.call_failed,
}
"""The transition table: status and observation to the rule that knows what they mean."""


def decide(run: Run, observed: Observed, policies: Policies, now: datetime) -> Decision:
    """The run after `observed`, and the one call to make next.

    `now` is UTC. A run that has ended is never changed. Raises LookupError for an observation that cannot occur in
    the run's status: that is a defect in the caller.
    """
    if run.status.ended:
        return Decision(run)
    rule = RULES.get((run.status, type(observed)))
    if rule is None:
        message = f"run {run.id} is {run.status}; {type(observed).__name__} cannot be observed of it"
        raise LookupError(message)
    return rule(Situation(run, policies, now), observed)
