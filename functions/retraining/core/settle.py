"""How a pipeline's slot looks after one of its runs has ended."""

from .run import Origin, Run, RunStatus
from .slot import Deployed, Slot, freed, with_deployed, with_ended, with_output_seen


def settled(slot: Slot, run: Run) -> Slot:
    """The slot without `run`: what is deployed now, what ended, and up to when the trained model's place is ours."""
    ended_at = run.history[-1].at
    left = freed(slot)
    if run.status is RunStatus.SUCCEEDED and run.model:
        live = Deployed(run=run.id, blob_last_modified=run.blob.last_modified, model=run.model.path, at=ended_at)
        left = with_deployed(left, live)
    else:
        left = with_ended(left, run.id)
    if run.origin is Origin.TRAINED_MODEL or run.job is None:
        return left
    return with_output_seen(left, run.model.archived_at if run.model else ended_at)
