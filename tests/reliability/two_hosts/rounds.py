"""Rounds on real storage: both hosts get every event, and all ticks come at once."""

import random
from datetime import timedelta
from functools import partial

from .pair import Pair

SKEWS = (timedelta(0), timedelta(0), timedelta(minutes=6), timedelta(minutes=-6))
"""How far the second host's clock is ahead: beyond the lease it takes over what the first one has in hand."""

MOST_TICKS = 60
"""Until all has ended."""


def go_through(pair: Pair, rounds: int, seed: int) -> int:
    """An example each round, announced to both hosts; then ticks until all has ended. The ticks that came at once."""
    chance = random.Random(seed)  # noqa: S311 - an order to repeat, no secret
    for number in range(rounds):
        name = f"day{number}.arff"
        pair.house.upload(name)
        container = pair.house.containers.examples
        pair.at_once(*(partial(host.start_retraining, container, name) for host in pair.hosts))
        _tick(pair, chance, jobs_end=chance.random() < 0.7)
    ticks = rounds
    while pair.house.open_runs() and ticks < rounds + MOST_TICKS:
        _tick(pair, chance, jobs_end=True)
        ticks += 1
    return 4 * ticks


def _tick(pair: Pair, chance: random.Random, *, jobs_end: bool) -> None:
    """Two ticks of each host in the same moment, now and then beside the event of a trained model."""
    if jobs_end:
        pair.house.jobs_end()
    pair.passes(timedelta(minutes=chance.randint(1, 4)), skew=chance.choice(SKEWS))
    acts = [host.poll_runs for host in pair.hosts * 2]
    if chance.random() < 0.3:
        models = pair.house.containers.models
        acts += [partial(host.update_scoring, models, "model.ilearner") for host in pair.hosts]
    pair.at_once(*acts)
