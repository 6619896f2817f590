"""A host that dies at any call of an ordinary run, and at any call of what follows."""

from datetime import timedelta
from functools import cache

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import RunStatus
from tests.support.world import AFTER, BEFORE, Outcome, World, make_world, pipeline, with_updates

from .lives import HEALINGS, busy_steps, life

ONE, TWO = (), ("second",)


def _world(updates: tuple[str, ...], *plans: Outcome) -> World:
    plain = pipeline(training=ActivityPolicy(retry=len(plans), timeout=timedelta(minutes=90)))
    world = make_world(with_updates(plain, **{name: ActivityPolicy() for name in updates}))
    world.training["retraining"].plans = list(plans)
    for name in updates:
        world.scoring[f"retraining/{name}"].follows = True
    return world


def _life_with_crashes(
    healing: str, crashes: set[tuple[int, str]], *plans: Outcome, updates: tuple[str, ...] = ONE
) -> World:
    world = _world(updates, *plans)
    world.steps.crashes = crashes
    return life(world, healing)


@cache
def _steps_of_ordinary_run(healing: str, *plans: Outcome, updates: tuple[str, ...] = ONE) -> int:
    """The calls until the run has ended; what follows are the sweep's and the timer's Lists."""
    return busy_steps(_life_with_crashes(healing, set(), *plans, updates=updates))


def _assert_all_is_well(world: World, attempts: int) -> None:
    about = f"crashes {sorted(world.steps.crashes)}: {world.steps.calls}"
    runs = world.ended_runs()
    assert [run.status for run in runs] == [RunStatus.SUCCEEDED], about
    assert world.open_runs() == [], about
    assert len(world.training["retraining"].started()) == attempts, about
    assert world.slot().active == (), about
    assert world.slot().deployed is not None, about
    assert [len(scoring.live) for scoring in world.scoring.values()] == [1] * len(world.scoring), about
    assert world.journal.defects() == [], about


@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("updates", [ONE, TWO], ids=["one update", "two updates, one of them followed"])
@pytest.mark.parametrize("plans", [(), (Outcome.FAILS,)], ids=["first attempt", "second attempt"])
def test_a_host_that_dies_at_any_one_call_changes_nothing_but_the_time(
    healing: str, plans: tuple[Outcome, ...], updates: tuple[str, ...]
) -> None:
    for number in range(1, _steps_of_ordinary_run(healing, *plans, updates=updates) + 1):
        for side in (BEFORE, AFTER):
            world = _life_with_crashes(healing, {(number, side)}, *plans, updates=updates)
            _assert_all_is_well(world, 1 + len(plans))


@pytest.mark.search
@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("updates", [ONE, TWO], ids=["one update", "two updates, one of them followed"])
def test_two_hosts_that_die_one_after_another_at_any_pair_of_calls_change_nothing_but_the_time(
    healing: str, updates: tuple[str, ...]
) -> None:
    """Dying after call n and before call n + 1 are the same, so that one side is enough."""
    for first in range(1, _steps_of_ordinary_run(healing, updates=updates) + 1):
        last = busy_steps(_life_with_crashes(healing, {(first, AFTER)}, updates=updates))
        for second in range(first + 1, last + 1):
            crashes = {(first, AFTER), (second, AFTER)}
            _assert_all_is_well(_life_with_crashes(healing, crashes, updates=updates), 1)
