"""A value whose change takes effect at once, only after some GETs, or never: as users saw both services do."""

import threading
from typing import Final

NEVER: Final = -1


class TakingEffect[T]:
    """What is in effect now, and what is to come."""

    def __init__(self, value: T) -> None:
        self._now = value
        self._coming: list[T] = []
        self._gets_left = 0
        self._lock = threading.Lock()

    @property
    def now(self) -> T:
        """What is in effect."""
        with self._lock:
            return self._now

    def change(self, value: T, *, after_gets: int) -> None:
        """Another value: at once (0), only after so many GETs, or NEVER."""
        with self._lock:
            if after_gets == 0:
                self._now, self._coming = value, []
            elif after_gets != NEVER:
                self._coming, self._gets_left = [value], after_gets

    def seen(self) -> T:
        """What a GET shows: it counts, while a change has yet to take effect."""
        with self._lock:
            if self._coming:
                self._gets_left -= 1
                if self._gets_left < 0:
                    self._now = self._coming.pop()
            return self._now
