"""What must be true of a world in which all is over, whatever became of its events. For pipelines without retries."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import Run, RunStatus, run_id
from tests.support.world import World

EXAMPLES = "examples"
BY_RULE = (RunStatus.SUCCEEDED, RunStatus.SUPERSEDED)


def troubles_with_events(world: World) -> Iterator[str]:
    """Every version that exists was trained on once or superseded by a newer one; the newest model is live."""
    if world.open_runs():
        yield f"open still: {[(run.id, run.status, run.waits_for) for run in world.open_runs()]}"
    if world.journal.defects():
        yield f"defects: {world.journal.defects()}"
    for name in world.pipelines:
        yield from _of_pipeline(world, name)


def existing_examples(world: World, pipeline: str) -> list[BlobVersion]:
    """The pipeline's examples as they lie there now, oldest first."""
    versions = [content.version for content in world.blobs.contents.values()]
    ours = [each for each in versions if each.container == EXAMPLES and each.name.startswith(f"{pipeline}/")]
    return sorted(ours, key=lambda version: version.last_modified)


def _of_pipeline(world: World, name: str) -> Iterator[str]:
    started = Counter(job.example.etag for job in world.training[name].started())
    ended = {run.id: run for run in world.ended_runs(name)}
    yield from (f"{name}: {etag} was trained on {times} times" for etag, times in started.items() if times > 1)
    live = world.scoring[name].made_from()
    if live != sorted(live):
        yield f"{name}: an older model replaced a newer one: {live}"
    slot = world.slot(name)
    if slot.active or slot.updating:
        yield f"{name}: the slot is held by {slot.active}"
    yield from filter(None, map(partial(_trouble_of, ended, started), existing_examples(world, name)))
    yield from _newest(world, name, live)


def _trouble_of(ended: dict[str, Run], started: Counter[str], version: BlobVersion) -> str:
    pipeline = version.name.partition("/")[0]
    run = ended.get(run_id(pipeline, version))
    if run is None:
        return f"{version.path} of {version.last_modified} has no run"
    if run.status not in BY_RULE:
        return f"{version.path}: {run.status}, {run.failure}"
    if run.status is RunStatus.SUCCEEDED and started[version.etag] != 1:
        return f"{version.path}: succeeded after {started[version.etag]} trainings"
    return ""


def _newest(world: World, name: str, live: list[datetime]) -> Iterator[str]:
    """The model that is live goes back to the newest example that is there, or to a newer one that is not any more."""
    examples = existing_examples(world, name)
    if examples and (not live or live[-1] < examples[-1].last_modified):
        yield f"{name}: live is what was made from the example of {live[-1:]}, and not {examples[-1].last_modified}"
