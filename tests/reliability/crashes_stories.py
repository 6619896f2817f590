"""The kinds of run that are lived again and again on hosts that die: how each begins, and what must come of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import Origin
from tests.reliability.crashes_promises import NAME, SIDE_BY_SIDE, troubles_of_one, troubles_of_several
from tests.support.world import Outcome, World, make_world, pipeline, with_partitioned_output, with_updates

SLOW = timedelta(minutes=3)


@dataclass(frozen=True)
class Story:
    """`begin` makes its world, `troubles` says what did not come of it as promised; `examples` are uploaded to it."""

    name: str
    begin: Callable[[], World]
    troubles: Callable[[World], Iterator[str]]
    examples: int = 1


def trained(
    name: str, *plans: Outcome, second: bool = False, follows: bool = False, lag: timedelta = timedelta(0)
) -> Story:
    """One example; its jobs end as planned, then well. `second`: two updates; `follows`: the last one gives a URL."""

    def begin() -> World:
        plain = pipeline(training=ActivityPolicy(retry=len(plans), timeout=timedelta(minutes=90)))
        world = make_world(with_updates(plain, second=ActivityPolicy()) if second else plain)
        world.training[NAME].plans = list(plans)
        last = list(world.scoring.values())[-1]
        last.follows, last.lag = follows, lag
        return world

    return Story(name, begin, lambda world: troubles_of_one(world, Origin.LABELED_EXAMPLE, 1 + len(plans)))


def adopted(name: str) -> Story:
    """An `.ilearner` that no run of ours made."""

    def begin() -> World:
        world = make_world()
        world.publish()
        return world

    return Story(name, begin, lambda world: troubles_of_one(world, Origin.TRAINED_MODEL, 0), examples=0)


def side_by_side(name: str, lag: timedelta = timedelta(0)) -> Story:
    """Three examples of a pipeline that may train three at a time, each with a place of its own for its model."""

    def begin() -> World:
        world = make_world(with_partitioned_output(pipeline(training=ActivityPolicy(concurrency=SIDE_BY_SIDE))))
        world.scoring[NAME].lag = lag
        return world

    return Story(name, begin, troubles_of_several, examples=SIDE_BY_SIDE)


ONE_UPDATE = trained("one update")
TWO_UPDATES = trained("two updates, one of them followed", second=True, follows=True)
SECOND_ATTEMPT = trained("the second attempt", Outcome.FAILS)
SECOND_ATTEMPT_TWO_UPDATES = trained("the second attempt, two updates", Outcome.FAILS, second=True, follows=True)
FOLLOWED = trained("an update of three minutes, followed across ticks", follows=True, lag=SLOW)
ADOPTED = adopted("a model from elsewhere")
THREE = side_by_side("three side by side")
THREE_SLOW = side_by_side("three side by side, updates of three minutes", SLOW)

ALONE = (ONE_UPDATE, TWO_UPDATES, SECOND_ATTEMPT, SECOND_ATTEMPT_TWO_UPDATES, FOLLOWED, ADOPTED)
TOGETHER = (THREE, THREE_SLOW)
