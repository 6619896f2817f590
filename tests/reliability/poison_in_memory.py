"""Uploads whose event fails on every try, and the poison message after it: one life of a world for each seed.

No sweep runs: what the poison door does not record is lost.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.errors import OutcomeUnknown, RelearnerError, TransientError
from functions.retraining.core.run import Origin
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poison import record_poison
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.start import start_retraining
from tests.reliability.events_lives import Told
from tests.reliability.events_promises import existing_examples, troubles_with_events
from tests.support.poison import poison_message
from tests.support.world import AFTER, BEFORE, Crash, Fault, World, make_app, make_world, pipeline

TRIES = 5
"""poisonBlobThreshold."""

PIPELINES = ("a", "b")
UPLOADS = 8
MINUTES = 120
AFTERWARDS = 30
LATE = 40
"""Minutes that a message may lie in the queue before the door is called."""

OPERATIONS = ("blob.version", "slot.read", "slot.write", "run.write", "ended.read", "job.submit", "job.start")


@dataclass
class Life:
    """A world in which every event fails in one of several ways; everything random comes from `chance`."""

    chance: random.Random
    told: Told
    world: World = field(default_factory=lambda: make_world(*map(pipeline, PIPELINES)))
    messages: dict[int, list[bytes]] = field(default_factory=dict)

    def lived(self) -> World:
        """The world after its whole life."""
        uploads = Counter(self.chance.randrange(MINUTES // 2) for _ in range(UPLOADS))
        minute = 0
        while minute < MINUTES or self.messages:
            for _ in range(uploads[minute]):
                self._upload(minute)
            for message in self.messages.pop(minute, []):
                self._handle(minute, message)
            self.world.passes(timedelta(seconds=self.chance.randint(40, 60)))
            poll_runs(make_app(self.world))
            minute += 1
        self.world.tick(make_app(self.world), AFTERWARDS)
        return self.world

    def _upload(self, minute: int) -> None:
        """An example, now and then over an older one; now and then a model from elsewhere instead."""
        name = self.chance.choice(PIPELINES)
        if self.chance.random() < 0.1 and not self.world.open_runs():
            self._fails(minute, self.world.publish(name), "update_scoring", update_scoring)
        else:
            version = self.world.upload(f"{self.chance.randrange(6)}.csv", name)
            self._fails(minute, version, "start_retraining", start_retraining)

    def _fails(self, minute: int, version: BlobVersion, function: str, door: Callable[[App, str, str], object]) -> None:
        """Five tries, each of which fails: the app cannot be built, a call fails, the host dies."""
        how = self.chance.choice(("a faulty configuration", "calls that fail", "hosts that die"))
        self.told.times[f"events given up: {how}"] += 1
        for _ in range(TRIES):
            if how == "calls that fail":
                self._with_fault(lambda: self._quietly(lambda app: door(app, version.container, version.name)))
            elif how == "hosts that die":
                self._dying(lambda app: door(app, version.container, version.name))
        message = poison_message(version, function)
        for _ in range(self.chance.choice((1, 1, 2))):
            self.messages.setdefault(minute + self.chance.randrange(LATE), []).append(message)

    def _handle(self, minute: int, message: bytes) -> None:
        """The poison door; what fails comes again ten minutes later, as the host does it."""
        self.told.times["poison messages delivered"] += 1
        again = False
        match self.chance.random():
            case what if what < 0.2:
                again = not self._with_fault(lambda: self._quietly(partial(_poisoned, message)))
            case what if what < 0.4:
                again = not self._dying(partial(_poisoned, message))
            case what if what < 0.5:
                again = True  # the configuration is faulty still
            case _:
                record_poison(make_app(self.world), message)
        if again:
            self.told.times["of them tried again"] += 1
            self.messages.setdefault(minute + 10, []).append(message)

    def _with_fault(self, act: Callable[[], bool]) -> bool:
        operation = self.chance.choice(OPERATIONS)
        kind = self.chance.choice((TransientError, OutcomeUnknown))
        carried_out = kind is OutcomeUnknown and self.chance.random() < 0.5
        self.world.steps.fail(Fault(operation, kind(operation, "away"), times=1, carried_out=carried_out))
        done = act()
        self.world.steps.heal()
        return done

    def _dying(self, act: Callable[[App], object]) -> bool:
        """Whether it came to its end before the call at which its host was to die."""
        at = len(self.world.steps.calls) + self.chance.randint(1, 6)
        self.world.steps.crashes = {(at, self.chance.choice((BEFORE, AFTER)))}
        done = self._quietly(act)
        self.world.steps.crashes = set()
        return done

    def _quietly(self, act: Callable[[App], object]) -> bool:
        try:
            act(make_app(self.world))
        except RelearnerError:
            return False
        except Crash:
            self.world.steps.revive()
            return False
        return True


def troubles_of_life(seed: int, told: Told) -> Iterator[str]:
    """What did not hold in the life that this seed gives."""
    world = Life(random.Random(seed), told).lived()  # noqa: S311 - chance that can be repeated
    told.times.update(str(run.status) for run in world.ended_runs() if run.origin is Origin.LABELED_EXAMPLE)
    told.times["examples there at the end"] += sum(len(existing_examples(world, name)) for name in PIPELINES)
    yield from (f"seed {seed}: {trouble}" for trouble in troubles_with_events(world))


def _poisoned(message: bytes, app: App) -> None:
    record_poison(app, message)
