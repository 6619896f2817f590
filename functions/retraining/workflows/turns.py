"""How long one firing of a timer goes on, and whose turn comes first in it."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from functions.retraining.core.ports import Clock

TIMER_BUDGET = timedelta(minutes=2)
"""How long a firing goes on beginning with anything.

What is under way then has its own HTTP timeouts, and the rest of host.json's functionTimeout (five minutes) to end in.
The next firing does what was left.
"""


def time_is_up(clock: Clock, began: datetime) -> bool:
    """Whether what began then is to begin with nothing more."""
    return clock.now() - began > TIMER_BUDGET


def in_time[T](items: Iterable[T], clock: Clock, began: datetime) -> Iterator[T]:
    """The items, as long as there is time."""
    for item in items:
        if time_is_up(clock, began):
            return
        yield item


def in_turn[T](work: Iterable[T], began: datetime) -> list[T]:
    """The same in another order at each firing, so that it is not always the same that is left over.

    The time is the seed: nothing has to be remembered from one firing to the next, which may be another host's.
    """
    order = list(work)
    random.Random(began.timestamp()).shuffle(order)  # noqa: S311 - an order, not a secret
    return order
