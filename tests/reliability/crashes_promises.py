"""What must be true of a world in which all is over, whatever happened before."""

from collections.abc import Iterator

from functions.retraining.core.run import Origin, RunStatus
from tests.support.world import World

NAME = "retraining"
SIDE_BY_SIDE = 3


def troubles_of_one(world: World, origin: Origin, attempts: int) -> Iterator[str]:
    """What did not come of one run that must succeed, trained `attempts` times."""
    yield from _left_behind(world)
    ended = [(run.origin, run.status, run.attempt) for run in world.ended_runs()]
    if ended != [(origin, RunStatus.SUCCEEDED, attempts)]:
        yield f"ended as {ended}"
        return
    (run,) = world.ended_runs()
    model = run.model.path if run.model else ""
    live = [scoring.live for scoring in world.scoring.values()]
    if live != [[model]] * len(live):
        yield f"live were {live}, and the run's model is {model}"
    deployed = world.slot().deployed
    if deployed is None or deployed.model != model:
        yield f"the slot has deployed {deployed}"
    if (started := len(world.training[NAME].started())) != attempts:
        yield f"{started} trainings were started in {attempts} attempts"


def troubles_of_several(world: World) -> Iterator[str]:
    """What did not come of several runs, of which the newest must succeed and none may follow a newer one."""
    yield from _left_behind(world)
    ended = [run.status for run in world.ended_runs()]
    if len(ended) != SIDE_BY_SIDE or ended[-1] is not RunStatus.SUCCEEDED:
        yield f"ended as {ended}"
        return
    if not set(ended) <= {RunStatus.SUCCEEDED, RunStatus.SUPERSEDED}:
        yield f"ended as {ended}"
    examples = [job.example.etag for job in world.training[NAME].started()]
    if len(examples) != len(set(examples)):
        yield f"trained on {examples}"
    live = world.scoring[NAME].made_from()
    if live != sorted(live) or live[-1] != world.ended_runs()[-1].blob.last_modified:
        yield f"live were models made from blobs of {live}"
    deployed = world.slot().deployed
    if deployed is None or deployed.model != world.scoring[NAME].serving:
        yield f"the slot has deployed {deployed}"


def _left_behind(world: World) -> Iterator[str]:
    """What nobody may find when all is over."""
    slot = world.slot()
    if world.open_runs():
        yield f"open still: {[(run.id, run.status) for run in world.open_runs()]}"
    if slot.active or slot.updating:
        yield f"the slot is still held by {slot.active}, updating {slot.updating}"
    if defects := world.journal.defects():
        yield f"defects: {defects}"
