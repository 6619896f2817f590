"""How long a job waits and runs, by choice: at once, after so many status calls, or after so many seconds.

The idea is moto's managed state model: a test that waits for a state chooses what it waits for.
"""

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a job stays in one state: this many status calls, and this many seconds."""

    calls: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.calls < 0 or self.seconds < 0:
            raise ValueError("a hold's calls and seconds are zero or more")


FOREVER = Hold(seconds=math.inf)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a started job stays NotStarted (`queued`), and how long it is Running before it does its work."""

    queued: Hold = Hold()
    running: Hold = Hold()

    @classmethod
    def immediate(cls) -> Self:
        """No waiting but for the work itself."""
        return cls()

    @classmethod
    def after_calls(cls, calls: int) -> Self:
        """Each state is seen by this many status calls; the work begins with the call after them."""
        return cls(Hold(calls=calls), Hold(calls=calls))

    @classmethod
    def after_seconds(cls, seconds: float) -> Self:
        """Each state lasts this many seconds, whether anybody asks or not."""
        return cls(Hold(seconds=seconds), Hold(seconds=seconds))

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read `{"queued": {"calls": n, "seconds": s}, "running": {...}}`; raises TypeError or ValueError."""
        return cls(**{state: Hold(**hold) for state, hold in wire.items()})

    def to_wire(self) -> dict[str, dict[str, float]]:
        """The form `from_wire` reads."""
        return {
            state: {"calls": hold.calls, "seconds": hold.seconds}
            for state, hold in (("queued", self.queued), ("running", self.running))
        }


class Gate:
    """Opens once, when a hold is over, and then calls `on_open`; never, if shut before."""

    def __init__(self, hold: Hold, on_open: Callable[[], None]) -> None:
        self._on_open = on_open
        self._lock = threading.Lock()
        self._calls_left = hold.calls
        self._time_is_over = hold.seconds == 0
        self._done = False
        self._timer = threading.Timer(hold.seconds, self._end_of_time) if 0 < hold.seconds < math.inf else None

    def arm(self) -> None:
        """Begin to count: opens at once if there is nothing to wait for."""
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        elif self._calls_left == 0:
            self._open_if_over()

    def count_call(self) -> None:
        """Count a status call that is about to be answered; the one after the last counted opens the gate."""
        with self._lock:
            over, self._calls_left = self._calls_left <= 0, self._calls_left - 1
        if over:
            self._open_if_over()

    def shut(self) -> None:
        """It shall not open any more."""
        with self._lock:
            self._done = True
        if self._timer:
            self._timer.cancel()

    def _end_of_time(self) -> None:
        with self._lock:
            self._time_is_over = True
            calls_are_over = self._calls_left <= 0
        if calls_are_over:
            self._open_if_over()

    def _open_if_over(self) -> None:
        with self._lock:
            opens = self._time_is_over and not self._done
            self._done = self._done or opens
        if opens:
            self._on_open()
