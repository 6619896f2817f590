"""What must be true of a play in which all is over."""

from collections.abc import Iterator

from functions.retraining.core.run import Origin, RunStatus
from tests.reliability.storage_faults.stage import Play


def troubles(play: Play, uploads: int = 1) -> Iterator[str]:
    """What did not come of a play in which each pipeline got so many examples."""
    yield from (f"a defect: {line}" for line in play.journal.defects())
    yield from (f"open still: {line.id}, {line.status}" for line in play.runs.open_runs())
    for pipeline in play.pipelines:
        yield from (f"{pipeline}: {trouble}" for trouble in troubles_of(play, pipeline, uploads))


def troubles_of(play: Play, pipeline: str, uploads: int = 1) -> Iterator[str]:
    """What did not come of one pipeline: all ended, each trained once, the newest live and the slot free."""
    ended = play.ended(pipeline)
    if len(ended) != uploads or any(run.origin is not Origin.LABELED_EXAMPLE for run in ended):
        yield f"{len(ended)} runs ended, after {uploads} uploads: {[(run.origin, run.status) for run in ended]}"
        return
    if ended[-1].status is not RunStatus.SUCCEEDED or {run.status for run in ended} - _LEGAL:
        yield f"ended as {[(run.status, run.failure) for run in ended]}"
    if set(play.trainings(pipeline)) != {1}:
        yield f"its examples were trained on {play.trainings(pipeline)} times"
    slot, live = play.runs.slot(pipeline).slot, play.studio.live()[pipeline]
    if slot.active or slot.updating:
        yield f"the slot is held by {slot.active}"
    if slot.deployed is None or slot.deployed.model != live or slot.deployed.run[:16] != ended[-1].id[:16]:
        yield f"{live} is live, and the slot says {slot.deployed}"


_LEGAL = {RunStatus.SUCCEEDED, RunStatus.SUPERSEDED}
