"""Whole lives of examples on hosts that may die at any call."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Crash, World, make_app

type Healing = Callable[[World, App], None]
MINUTES = 40
REDELIVERED = {1, 6, 30}


def _redelivered(world: World, _: App) -> None:
    """The queue delivers again what was not acknowledged, and now and then what was."""
    if world.clock.now().minute in REDELIVERED:
        blobs = [content.version for content in world.blobs.contents.values()]
        for example in (blob for blob in blobs if blob.container == "examples"):
            guarded(world, partial(_announced, world, example))
        for model in (blob for blob in blobs if blob.container == "output"):
            guarded(world, partial(_model_announced, model.name))


def _announced(world: World, example: BlobVersion, app: App) -> None:
    world.announce(app, example)


def _model_announced(name: str, app: App) -> None:
    update_scoring(app, "output", name)


def _ticked(world: World, app: App) -> None:
    """The event is lost with the host; the sweep runs every 15 minutes beside the timer."""
    if world.clock.now().minute % 15 == 0:
        sweep_examples(app)


HEALINGS = {"the event comes again": _redelivered, "only the timer and the sweep run": _ticked}


def guarded(world: World, act: Callable[[App], object]) -> None:
    """Do it on a host of its own, which may die."""
    world.steps.revive()
    try:
        act(make_app(world))
    except Crash:
        world.steps.revive()


def life(world: World, healing: str, examples: int = 1, minutes: int = MINUTES) -> World:
    """Uploaded examples, the timer each minute, hosts that die as the world says, until nothing is left to do."""
    for day in range(1, examples + 1):
        version = world.upload(f"day{day}.csv")
        guarded(world, partial(_announced, world, version))
        world.passes(timedelta(seconds=1 if examples > 1 else 0))
    announced: set[str] = set()
    for _ in range(minutes):
        world.passes(timedelta(minutes=1))
        guarded(world, poll_runs)
        guarded(world, lambda app: HEALINGS[healing](world, app))
        for path in [path for path in world.blobs.contents if path.startswith("output/") and path not in announced]:
            announced.add(path)
            guarded(world, partial(_model_announced, path.removeprefix("output/")))
    return world


def busy_steps(world: World) -> int:
    """The calls until the last run has ended; what follows are the sweep's and the timer's Lists."""
    return len(world.steps.calls) - world.steps.calls[::-1].index("run.delete")
