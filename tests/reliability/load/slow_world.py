"""A world in memory whose services take their time, by a clock that is put forward: hours of it pass at once."""

from collections.abc import Callable
from datetime import timedelta

from functions.retraining.core.run import Origin, RunStatus, new_run
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.sweep import sweep_examples
from functions.retraining.workflows.turns import TIMER_BUDGET
from tests.reliability.finding import Finding
from tests.support.world import World, make_app, make_world, pipeline
from tests.support.world.slow_steps import slow_down

SLOW = timedelta(seconds=5)
SLOW_CALLS = ("job.submit", "job.start", "job.get", "run.write")
"""What takes so long: each call to the training web service, and each write of a run's document."""

LONGEST_LOOK = 10 * SLOW
FUNCTION_TIMEOUT = timedelta(minutes=5)
"""host.json's functionTimeout."""

MOST_FIRINGS = 200


def starved_by_slow_services(pipelines: int, runs: int) -> Finding:
    """So many due runs and a slow service: no tick outlives its budget, and in time each pipeline trains."""
    world = _slow_world(pipelines)
    app = make_app(world)
    for number in range(runs):
        name = f"p{number % pipelines:03}"
        blob = world.upload(f"{number}.csv", name)
        world.runs.save(new_run(name, Origin.LABELED_EXAMPLE, blob, world.clock.now()), None)
    slow_down(world, SLOW, *SLOW_CALLS)
    spans = _fired(world, app, poll_runs, lambda: all(_has_begun(world)))
    title = f"ticks over {runs:,} due runs of {pipelines} pipelines, each call taking {SLOW.seconds} s"
    return _finding(title, spans, [] if all(_has_begun(world)) else ["a pipeline never had its turn"])


def all_unannounced_at_once(pipelines: int, examples: int) -> Finding:
    """So many unannounced examples: no sweep outlives its budget, and the next ones go on until each is recorded."""
    world = _slow_world(pipelines)
    app = make_app(world)
    for number in range(examples):
        world.upload(f"{number}.csv", f"p{number % pipelines:03}")
    slow_down(world, SLOW, *SLOW_CALLS)
    spans = _fired(world, app, sweep_examples, lambda: len(world.runs.lines) == examples)
    left = examples - len(world.runs.lines)
    title = (
        f"sweeps that find {examples:,} unannounced examples of {pipelines} pipelines, a write taking {SLOW.seconds} s"
    )
    return _finding(title, spans, [f"{left} were never found"] if left else [])


def _slow_world(pipelines: int) -> World:
    world = make_world(*(pipeline(f"p{number:03}") for number in range(pipelines)))
    for training in world.training.values():
        training.lasts = timedelta(days=1)
    return world


def _has_begun(world: World) -> list[bool]:
    begun = {line.pipeline for line in world.runs.lines.values() if line.status is not RunStatus.WAITING}
    return [name in begun for name in world.pipelines]


def _fired(world: World, app: App, act: Callable[[App], None], done: Callable[[], bool]) -> list[timedelta]:
    """How long each firing took, until it is done or has been tried too often; the timer fires a minute later."""
    spans: list[timedelta] = []
    while not done() and len(spans) < MOST_FIRINGS:
        began = world.clock.now()
        act(app)
        spans.append(world.clock.now() - began)
        world.clock.advance(timedelta(minutes=1))
    return spans


def _finding(title: str, spans: list[timedelta], troubles: list[str]) -> Finding:
    late = [f"it went on for {span}" for span in spans if span > min(TIMER_BUDGET + LONGEST_LOOK, FUNCTION_TIMEOUT)]
    figures = (
        f"done after {len(spans)} of them; the longest took {max(spans).total_seconds():.0f} s by the world's clock"
    )
    found = [*troubles, *late]
    return Finding(title, len(spans), len(spans) - len(found), figures, tuple(found[:5]))
