"""Await a condition instead of sleeping for a guess."""

import time
from collections.abc import Callable


def wait_until[T](predicate: Callable[[], T], description: str, *, seconds: float = 30.0, every: float = 0.02) -> T:
    """Return the predicate's first truthy value; raise AssertionError naming `description` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            message = f"not within {seconds} s: {description} (last saw {value!r})"
            raise AssertionError(message)
        time.sleep(every)
