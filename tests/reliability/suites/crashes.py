"""Crash everywhere: every call of a run, and every pair of calls, is the last one of its host."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.reliability.crashes_search import DeathsOf, calls_of, every_death, every_pair, many_deaths, over_all_healings
from tests.reliability.crashes_stories import ALONE, TOGETHER, Story
from tests.reliability.finding import Finding
from tests.workflows.lives import HEALINGS

SAMPLE = (3, 7)
"""Of pairs where several runs go on side by side: every third call, with every seventh after it."""

LIVES = 50


def findings() -> Iterator[Finding]:
    """Each kind of run on its own: all deaths, all pairs. Several side by side: all deaths, a sample of the pairs.

    On all cores: a world in memory is nobody else's.
    """
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.process_cpu_count(), mp_context=spawned) as pool:
        yield from pool.map(_nth_finding, range(len(list(_searches()))))


def _nth_finding(number: int) -> Finding:
    """By number, because a story cannot be sent to another process."""
    return finding(*list(_searches())[number])


def _searches() -> Iterator[tuple[Story, str, DeathsOf]]:
    for story in (*ALONE, *TOGETHER):
        yield story, "a host dies before or after any call", every_death
        if story in ALONE:
            yield story, "two hosts die, at any pair of calls", every_pair
        else:
            yield story, "two hosts die, a sample of the pairs", partial(every_pair, every=SAMPLE)
        yield story, "a tenth of all calls is a host's last", partial(many_deaths, lives=LIVES)


def finding(story: Story, tried: str, deaths_of: DeathsOf) -> Finding:
    """What came of one kind of run under these deaths."""
    search = over_all_healings(story, deaths_of)
    calls = " / ".join(str(calls_of(story, healing)) for healing in HEALINGS)
    minutes = search.longest.total_seconds() / 60
    figures = f"{calls} calls undisturbed; all ended after {minutes:.0f} simulated minutes at most"
    return Finding(f"{story.name}: {tried}", search.lives, search.held, figures, tuple(search.troubles))
