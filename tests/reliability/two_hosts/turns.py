"""Several hosts that take turns at every call to the outside, in an order of chance that can be repeated."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

from tests.support.world import BEFORE, World

PAUSE = 0.03
"""How likely a host is paused for longer than its lease, at each call."""
LONGEST_PAUSE_MINUTES = 10

ON_ITS_WAY = ("scoring.send", BEFORE)
"""An update call that is on the wire for longer than the lease cannot be fenced: docs/architecture.md, Limits."""


class Turns:
    """Runs hosts in threads of which one goes at a time. The next one is chosen anew before and after every call."""

    def __init__(self, world: World, chance: random.Random, *, pauses: bool) -> None:
        self._world, self._chance, self._pauses = world, chance, pauses
        self._goes: dict[int, threading.Semaphore] = {}
        self._stands_at: dict[int, tuple[str, str]] = {}
        self._current = -1
        self._errors: list[Exception] = []

    def through(self, *hosts: Callable[[], object]) -> list[Exception]:
        """Let all of them go to their end, interleaved; what they raised."""
        self._goes = {number: threading.Semaphore(0) for number in range(len(hosts))}
        threads = [threading.Thread(target=self._go, args=each) for each in enumerate(hosts)]
        self._world.steps.interludes = _AtEveryCall(self._next)
        for thread in threads:
            thread.start()
        self._hand_over()
        for thread in threads:
            thread.join()
        self._world.steps.interludes = {}
        return self._errors

    def _go(self, number: int, host: Callable[[], object]) -> None:
        self._goes[number].acquire()
        try:
            host()
        except Exception as error:
            self._errors.append(error)
        del self._goes[number]
        self._hand_over()

    def _hand_over(self) -> None:
        if self._goes:
            self._current = self._chance.choice(sorted(self._goes))
            self._goes[self._current].release()

    def _next(self, number: int, side: str) -> None:
        """In the thread of the host that makes this call; only that one goes now."""
        me = self._current
        self._stands_at[me] = self._world.steps.calls[number - 1], side
        self._perhaps_pause()
        mine = self._goes[me]
        self._hand_over()
        mine.acquire()
        del self._stands_at[me]

    def _perhaps_pause(self) -> None:
        if self._pauses and self._chance.random() < PAUSE and ON_ITS_WAY not in self._stands_at.values():
            self._world.passes(timedelta(minutes=self._chance.randint(1, LONGEST_PAUSE_MINUTES)))


class _AtEveryCall(dict[tuple[int, str], Callable[[], None]]):
    """Interludes for all calls there will be."""

    def __init__(self, act: Callable[[int, str], None]) -> None:
        super().__init__()
        self._act = act

    def pop(self, key: tuple[int, str], default: object = None) -> Callable[[], None]:  # noqa: ARG002 - there always is one
        return lambda: self._act(*key)
