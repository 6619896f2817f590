"""Many lives of a world in memory, as one line of the table."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.reliability.finding import Finding

MOST_TROUBLES_SHOWN = 5


@dataclass
class Told:
    """How often what happened in all lives."""

    times: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return as_words(self.times)


def as_words(times: Counter[str]) -> str:
    """Counts as a person reads them."""
    return ", ".join(f"{number:,} {what}" for what, number in sorted(times.items()))


def lives(tried: str, seeds: range, troubles_of: Callable[[int, Told], Iterator[str]]) -> Finding:
    """Live the life of each seed."""
    told = Told()
    began = time.monotonic()
    troubles = {seed: found for seed in seeds if (found := list(troubles_of(seed, told)))}
    first = [trouble for found in troubles.values() for trouble in found][:MOST_TROUBLES_SHOWN]
    figures = f"{told}; {(time.monotonic() - began) / len(seeds) * 1000:.0f} ms each"
    return Finding(tried, len(seeds), len(seeds) - len(troubles), figures, tuple(first))
