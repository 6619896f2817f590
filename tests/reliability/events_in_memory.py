"""Examples whose events are lost, doubled, late and out of order: one life of a world for each seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import ActivityPolicy, ExecutionPriorityOrder
from functions.retraining.core.run import Origin
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.start import start_retraining
from functions.retraining.workflows.sweep import sweep_examples
from tests.reliability.events_lives import Told
from tests.reliability.events_promises import troubles_with_events
from tests.support.world import World, make_app, make_world, pipeline

MINUTES = 120
"""How long people upload, overwrite and delete."""

LONGEST_DELAY = 60
"""Minutes that an event may be late."""

AFTERWARDS = 45
"""Minutes of the timer alone after that: every training takes two."""

SWEEP_EVERY = 15
PIPELINES = ("a", "b")
FILES = ("1.csv", "2.csv", "with space ü%.csv")
DELIVERIES = (0, 0, 1, 1, 1, 1, 2, 3)
"""How often one event is delivered: one of these, each as likely."""


@dataclass
class Life:
    """A world and what is to be delivered in which minute; everything random comes from `chance`."""

    chance: random.Random
    told: Told
    world: World = field(init=False)
    events: dict[int, list[BlobVersion]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = make_world(*(pipeline(name, self._policy()) for name in PIPELINES))

    def lived(self) -> World:
        """The world after its whole life."""
        for minute in range(MINUTES + LONGEST_DELAY + AFTERWARDS):
            if minute < MINUTES:
                self._people_do_something(minute)
            self._deliver(minute)
            self.world.passes(timedelta(seconds=self.chance.randint(40, 60)))
            poll_runs(make_app(self.world))
            if minute % SWEEP_EVERY == SWEEP_EVERY - 1:
                sweep_examples(make_app(self.world))
        return self.world

    def _policy(self) -> ActivityPolicy:
        return ActivityPolicy(execution_priority_order=self.chance.choice(list(ExecutionPriorityOrder)))

    def _people_do_something(self, minute: int) -> None:
        name, file = self.chance.choice(PIPELINES), self.chance.choice(FILES)
        match self.chance.random():
            case what if what < 0.10:
                self._upload(minute, name, file)
            case what if what < 0.12:
                self.told.times["deleted"] += f"examples/{name}/{file}" in self.world.blobs.contents
                self.world.blobs.remove("examples", f"{name}/{file}")

    def _upload(self, minute: int, name: str, file: str) -> None:
        self.told.times["overwritten"] += f"examples/{name}/{file}" in self.world.blobs.contents
        version = self.world.upload(file, name)
        deliveries = self.chance.choice(DELIVERIES)
        self.told.times["uploads"] += 1
        self.told.times["lost"] += deliveries == 0
        self.told.times["doubled"] += deliveries > 1
        for _ in range(deliveries):
            late = self.chance.choice((0, 0, 0, self.chance.randint(1, 10), self.chance.randint(10, LONGEST_DELAY)))
            self.told.times["late"] += late > 0
            self.events.setdefault(minute + late, []).append(version)

    def _deliver(self, minute: int) -> None:
        """What is due now, in any order; the events of models too, which nobody counts on."""
        due = self.events.pop(minute, [])
        self.chance.shuffle(due)
        for version in due:
            now = self.world.blobs.contents.get(version.path)
            self.told.times["for an example that was gone"] += now is None
            self.told.times["for a version that was overwritten"] += bool(now and now.version != version)
            start_retraining(make_app(self.world), version.container, version.name)
        for version in [each.version for each in self.world.blobs.contents.values()]:
            if version.container == "output" and self.chance.random() < 0.02:
                update_scoring(make_app(self.world), version.container, version.name)


def troubles_of_life(seed: int, told: Told) -> Iterator[str]:
    """What did not hold in the life that this seed gives."""
    world = Life(random.Random(seed), told).lived()  # noqa: S311 - chance that can be repeated
    told.times.update(str(run.status) for run in world.ended_runs() if run.origin is Origin.LABELED_EXAMPLE)
    told.times["unannounced, found by the sweep"] += len(world.journal.named("blob_unannounced"))
    yield from (f"seed {seed}: {trouble}" for trouble in troubles_with_events(world))
