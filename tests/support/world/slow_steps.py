"""Calls that take their time: the world's clock is put forward with each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from .app import World
from .clock import SettableClock
from .steps import Steps


@dataclass(kw_only=True)
class SlowSteps(Steps):
    """Each of these `operations` takes `lasts`."""

    clock: SettableClock
    operations: frozenset[str]
    lasts: timedelta

    def step[T](self, operation: str, subject: str, act: Callable[[], T]) -> T:
        """Make the call, after its time."""
        if operation in self.operations:
            self.clock.advance(self.lasts)
        return super().step(operation, subject, act)


def slow_down(world: World, lasts: timedelta, *operations: str) -> None:
    """From now on each of these calls takes so long; with no operations all are as quick as before."""
    slow = SlowSteps(clock=world.clock, operations=frozenset(operations), lasts=lasts)
    world.steps = world.runs.steps = world.blobs.steps = world.archive.steps = slow
    for training in world.training.values():
        training.steps = slow
    for scoring in world.scoring.values():
        scoring.steps = slow
