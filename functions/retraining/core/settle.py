"""How a pipeline's slot looks after one of its runs has ended."""

from datetime import datetime

from .run import Origin, Run, RunStatus
from .slot import Deployed, Slot, freed, with_deployed, with_ended, with_output_seen, with_unverified


def settled(slot: Slot, run: Run) -> Slot:
    """The slot without `run`: what is deployed now, what ended, and up to when the trained model's place is ours."""
    left = _with_model(freed(slot), run)
    seen = output_seen_until(run)
    return with_output_seen(left, seen) if seen else left


def output_seen_until(run: Run) -> datetime | None:
    """Up to when what lay at the trained model's place is this run's, if it has a model or has ended (UTC).

    None if it never had a job: an attempt before the present one had.
    """
    if run.origin is Origin.TRAINED_MODEL or (run.job is None and run.attempt <= 1):
        return None
    if run.model:
        return run.model.archived_at
    return run.history[-1].at if run.status.ended else None


def _with_model(slot: Slot, run: Run) -> Slot:
    if run.model is None:
        return with_ended(slot, run.id)
    ended_at = run.history[-1].at
    model = Deployed(run=run.id, blob_last_modified=run.blob.last_modified, model=run.model.path, at=ended_at)
    if run.status is RunStatus.SUCCEEDED:
        return with_deployed(slot, model)
    left = with_ended(slot, run.id)
    return with_unverified(left, model) if run.may_be_live else left
