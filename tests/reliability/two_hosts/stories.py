"""Examples on two hosts in the in-memory world: which, in which order, and what must be true in the end."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.errors import Conflict
from functions.retraining.core.run import Origin, Run, RunStatus
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Outcome, World, make_app, make_world, pipeline, with_partitioned_output
from tests.support.world.journal import Line
from tests.support.world.run_store import MemoryRunStore

from .turns import Turns

ROUNDS = 14
MOST_ROUNDS = 120
"""Until all has ended: without pauses, which could go on for ever."""


@dataclass
class ContestedRunStore(MemoryRunStore):
    """Counts the writes that found another version: by document kind (open, runs, pipelines)."""

    conflicts: dict[str, int] = field(default_factory=dict)

    def _put(self, name: str, content: bytes, etag: str | None) -> str:
        try:
            return super()._put(name, content, etag)
        except Conflict:
            kind = name.partition("/")[0]
            self.conflicts[kind] = self.conflicts.get(kind, 0) + 1
            raise


@dataclass
class Story:
    """One seed's world, its two hosts, and what they raised."""

    seed: int
    world: World
    runs: ContestedRunStore
    hosts: tuple[App, App]
    errors: list[Exception] = field(default_factory=list)

    @property
    def conflicts(self) -> dict[str, int]:
        """The writes of all hosts that came second, by document kind."""
        return self.runs.conflicts


def told(seed: int) -> Story:
    """The whole story of this seed."""
    chance = random.Random(seed)  # noqa: S311 - an order to repeat, no secret
    story = _begun(seed, chance)
    for number in range(ROUNDS):
        story.world.passes(timedelta(minutes=chance.randint(1, 3)))
        _round(story, chance, pauses=number < ROUNDS // 2)
    for _ in range(MOST_ROUNDS):
        if not story.world.runs.lines:
            break
        story.world.passes(timedelta(minutes=5))
        _round(story, chance, pauses=False)
    return story


def troubles(story: Story) -> Iterator[str]:
    """What did not hold."""
    yield from (f"a host raised {error!r}" for error in story.errors)
    yield from (f"{line.name}: {line.facts}" for line in _bad_lines(story.world))
    yield from (f"{run.id} is {run.status} still: {run.waits_for}" for run in story.world.open_runs())
    if story.world.slot().active:
        yield f"the slot is held by {story.world.slot().active}"
    yield from _model_troubles(story.world)
    for example in _examples(story.world):
        yield from _example_troubles(story.world, example)


def _begun(seed: int, chance: random.Random) -> Story:
    concurrency = chance.choice((1, 1, 2, 3))
    retry = chance.choice((0, 1))
    policy = ActivityPolicy(concurrency=concurrency, retry=retry, timeout=chance.choice((None, timedelta(hours=1))))
    defined = pipeline(training=policy)
    world = make_world(with_partitioned_output(defined) if concurrency > 1 else defined)
    world.training["retraining"].plans = [Outcome.FAILS] * retry
    world.scoring["retraining"].lag = timedelta(minutes=chance.choice((0, 0, 3)))
    runs = ContestedRunStore(world.steps)
    world.runs = runs
    return Story(seed, world, runs, (make_app(world), make_app(world)))


def _round(story: Story, chance: random.Random, *, pauses: bool) -> None:
    """What both hosts are called for in the same moment."""
    calls: list[Callable[[], object]] = [partial(poll_runs, host) for host in story.hosts]
    if chance.random() < 0.3:
        calls.append(partial(poll_runs, story.hosts[0]))  # two ticks of one host at once
    if pauses and chance.random() < 0.5:
        calls.extend(_event(story, f"day{len(story.world.blobs.contents)}.csv"))
    if chance.random() < 0.2:
        calls.append(partial(sweep_examples, chance.choice(story.hosts)))
    calls.extend(_model_events(story, chance))
    story.errors.extend(Turns(story.world, chance, pauses=pauses).through(*calls))


def _event(story: Story, name: str) -> list[Callable[[], object]]:
    """The event of a new example, for both hosts."""
    version = story.world.upload(name)
    return [partial(story.world.announce, host, version) for host in story.hosts]


def _model_events(story: Story, chance: random.Random) -> list[Callable[[], object]]:
    """The events of the trained models that lie there, now and then, for both hosts."""
    models = [path.removeprefix("output/") for path in story.world.blobs.contents if path.startswith("output/")]
    if not models or chance.random() < 0.6:
        return []
    name = chance.choice(models)
    return [partial(update_scoring, host, "output", name) for host in story.hosts]


def _bad_lines(world: World) -> list[Line]:
    return [
        line
        for line in world.journal.lines
        if line.name in {"look_failed", "sweep_failed"} or line in world.journal.defects()
    ]


def _model_troubles(world: World) -> Iterator[str]:
    scoring, deployed = world.scoring["retraining"], world.slot().deployed
    if scoring.made_from() != sorted(scoring.made_from()):
        yield f"an older model over a newer one: {scoring.live}"
    if deployed and scoring.serving != deployed.model:
        yield f"live is {scoring.serving}, on record {deployed.model}"
    yield from (
        f"{run.id} adopted our own model" for run in world.ended_runs() if run.origin is not Origin.LABELED_EXAMPLE
    )


def _examples(world: World) -> list[str]:
    return [
        content.version.name for content in world.blobs.contents.values() if content.version.container == "examples"
    ]


def _example_troubles(world: World, example: str) -> Iterator[str]:
    runs = [run for run in world.ended_runs() if run.blob.name == example]
    if len(runs) != 1:
        yield f"{example} has {len(runs)} runs"
        return
    started = [job for job in world.training["retraining"].started() if job.example.name == example]
    if not _is_trained_as_often_as_tried(runs[0], len(started)):
        yield f"{example}: {len(started)} trainings in {runs[0].attempt} attempts, {runs[0].status}"


def _is_trained_as_often_as_tried(run: Run, trainings: int) -> bool:
    """An attempt may have ended before its job was started: it took too long to get there, or a newer run passed."""
    if run.status is RunStatus.SUCCEEDED:
        return 1 <= trainings <= run.attempt
    return trainings <= run.attempt and run.status in {RunStatus.SUPERSEDED, RunStatus.FAILED}
