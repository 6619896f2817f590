"""Going through the deaths of hosts: at every call of a run, at every pair of calls, at calls of chance."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product

from tests.reliability.crashes_stories import Story
from tests.support.world import AFTER, BEFORE, World
from tests.support.world.clock import DAWN
from tests.workflows.lives import HEALINGS, MINUTES, busy_steps, life

type Deaths = frozenset[tuple[int, str]]
type DeathsOf = Callable[[Story, str], Iterable[Deaths]]

MOST_TROUBLES = 5
"""So many are told in words; the others are counted."""


LOST_AT_MOST = 30
"""Minutes that one more death may cost: until the event comes again; the sweep is sooner, and so is a lease's end."""


@dataclass
class Search:
    """What was gone through so far: lives, those that ended as promised, the longest time until all had ended."""

    lives: int = 0
    held: int = 0
    longest: timedelta = timedelta(0)
    troubles: list[str] = field(default_factory=list)

    def through(self, story: Story, healing: str, deaths: Iterable[Deaths]) -> None:
        """Live the story once for each of these sets of deaths."""
        for each in deaths:
            world = lived(story, healing, each)
            self.lives += 1
            troubles = list(story.troubles(world))
            self.held += not troubles
            if troubles and len(self.troubles) < MOST_TROUBLES:
                self.troubles.append(f"{story.name}, {healing}, deaths {sorted(each)}: {'; '.join(troubles)}")
            self.longest = max(self.longest, _until_the_end(world))


def lived(story: Story, healing: str, deaths: Deaths = frozenset()) -> World:
    """The world after the story, on hosts that died then."""
    world = story.begin()
    world.steps.crashes = set(deaths)
    return life(world, healing, story.examples, MINUTES + LOST_AT_MOST * max(len(deaths) - 2, 0))


def calls_of(story: Story, healing: str, deaths: Deaths = frozenset()) -> int:
    """The calls until the last run has ended: what follows are the sweep's and the timer's Lists."""
    return busy_steps(lived(story, healing, deaths))


def every_death(story: Story, healing: str) -> Iterator[Deaths]:
    """One host dies: just before, or just after, each call."""
    for number, side in product(range(1, calls_of(story, healing) + 1), (BEFORE, AFTER)):
        yield frozenset({(number, side)})


def every_pair(story: Story, healing: str, every: tuple[int, int] = (1, 1)) -> Iterator[Deaths]:
    """Two hosts die, the second at any call of what followed the first one's death. `every` n-th of each for a sample.

    Just after call n and just before call n + 1 are the same moment: the first host's own side needs no second look.
    """
    first_step, second_step = every
    for first in range(1, calls_of(story, healing) + 1, first_step):
        last = calls_of(story, healing, frozenset({(first, AFTER)}))
        for second in range(first + 1, last + 1, second_step):
            yield frozenset({(first, AFTER), (second, AFTER)})


def many_deaths(story: Story, healing: str, lives: int, seed: int = 4) -> Iterator[Deaths]:
    """Hosts die at a tenth of all calls, by chance; the same ones each time."""
    chance = random.Random(seed)  # noqa: S311 - no secret, but a search that can be repeated
    calls = calls_of(story, healing) * 2
    for _ in range(lives):
        yield frozenset((number, AFTER) for number in range(1, calls + 1) if chance.random() < 0.1)


def _until_the_end(world: World) -> timedelta:
    ends = [run.history[-1].at for run in world.ended_runs()]
    return max(ends, default=world.clock.now()) - DAWN


def over_all_healings(story: Story, deaths_of: DeathsOf) -> Search:
    """The search through these deaths, once for each way in which what was interrupted comes back."""
    search = Search()
    for healing in HEALINGS:
        search.through(story, healing, deaths_of(story, healing))
    return search
