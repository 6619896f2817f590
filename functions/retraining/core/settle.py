"""How a pipeline's slot looks after one of its runs has ended."""

from datetime import datetime

from .run import Origin, Run, RunStatus
from .slot import (
    Deployed,
    Slot,
    freed,
    holds,
    is_known,
    passed_by,
    with_deployed,
    with_ended,
    with_output_seen,
    with_unverified,
)


def settled(slot: Slot, run: Run) -> Slot:
    """The slot without `run`: what is deployed now, what ended, and up to when the trained model's place is ours.

    A run that never held it is remembered as ended, so that its blob's event, delivered again, does not begin it; a
    newer model that is live keeps it out anyway.
    """
    if not holds(slot, run.id):
        is_out = is_known(slot, run.id) or passed_by(slot, run.blob.last_modified)
        return slot if is_out or run.status is RunStatus.SUCCEEDED else with_ended(slot, run.id)
    left = _with_model(freed(slot, run.id), run)
    seen = output_seen_until(run)
    return with_output_seen(left, seen) if seen else left


def output_seen_until(run: Run) -> datetime | None:
    """Up to when what lay at the trained model's place is this run's, if it has a model or has ended (UTC).

    None if it never had a job: an attempt before the present one had. A run that waits for its next attempt has what
    its last one left.
    """
    if run.origin is Origin.TRAINED_MODEL or (run.job is None and run.attempt <= 1):
        return None
    if run.model:
        return run.model.archived_at
    between = run.status is RunStatus.WAITING
    return run.history[-1].at if run.status.ended or between else None


def _with_model(slot: Slot, run: Run) -> Slot:
    if run.model is None:
        return with_ended(slot, run.id)
    ended_at = run.history[-1].at
    model = Deployed(run=run.id, blob_last_modified=run.blob.last_modified, model=run.model.path, at=ended_at)
    if run.status is RunStatus.SUCCEEDED:
        return with_deployed(slot, model)
    left = with_ended(slot, run.id)
    return with_unverified(left, model) if run.may_be_live else left
