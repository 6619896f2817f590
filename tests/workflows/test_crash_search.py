"""A host that dies at any call of an ordinary run, and at any call of what follows."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import AFTER, BEFORE, Crash, Outcome, World, make_app, make_world, pipeline

type Healing = Callable[[World, App], None]
MINUTES = 40
REDELIVERED = {1, 6, 30}


def _redelivered(world: World, app: App) -> None:
    """The queue delivers again what was not acknowledged, and now and then what was."""
    if world.clock.now().minute in REDELIVERED:
        example = next(each.version for each in world.blobs.contents.values() if each.version.container == "examples")
        world.announce(app, example)


def _ticked(world: World, app: App) -> None:
    """The event is lost with the host; the sweep runs every 15 minutes beside the timer."""
    if world.clock.now().minute % 15 == 0:
        sweep_examples(app)


HEALINGS = {"the event comes again": _redelivered, "only the timer and the sweep run": _ticked}


def _guarded(world: World, act: Callable[[App], object]) -> None:
    """Do it on a host of its own, which may die."""
    world.steps.revive()
    try:
        act(make_app(world))
    except Crash:
        world.steps.revive()


def _world(*plans: Outcome) -> World:
    world = make_world(pipeline(training=ActivityPolicy(retry=len(plans), timeout=timedelta(minutes=90))))
    world.training["retraining"].plans = list(plans)
    return world


def _life(world: World, healing: Healing) -> World:
    """One uploaded example, the timer each minute, hosts that die as the world says, until nothing is left to do."""
    version = world.upload()
    _guarded(world, lambda app: world.announce(app, version))
    announced = False
    for _ in range(MINUTES):
        world.passes(timedelta(minutes=1))
        _guarded(world, poll_runs)
        _guarded(world, lambda app: healing(world, app))
        if not announced and "output/retraining.ilearner" in world.blobs.contents:
            announced = True
            _guarded(world, lambda app: update_scoring(app, "output", "retraining.ilearner"))
    return world


def _life_with_crashes(healing: str, crashes: set[tuple[int, str]], *plans: Outcome) -> World:
    world = _world(*plans)
    world.steps.crashes = crashes
    return _life(world, HEALINGS[healing])


@cache
def _steps_of_ordinary_run(healing: str, *plans: Outcome) -> int:
    """The calls until the run has ended; what follows are the sweep's and the timer's Lists."""
    return _busy_steps(_life_with_crashes(healing, set(), *plans))


def _busy_steps(world: World) -> int:
    return len(world.steps.calls) - world.steps.calls[::-1].index("run.delete")


def _assert_all_is_well(world: World, attempts: int) -> None:
    about = f"crashes {sorted(world.steps.crashes)}: {world.steps.calls}"
    runs = world.ended_runs()
    assert [run.status for run in runs] == [RunStatus.SUCCEEDED], about
    assert world.open_runs() == [], about
    assert len(world.training["retraining"].started()) == attempts, about
    assert world.slot().active is None, about
    assert world.slot().deployed is not None, about
    assert len(world.scoring["retraining"].live) == 1, about
    assert world.journal.defects() == [], about


@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("plans", [(), (Outcome.FAILS,)], ids=["first attempt", "second attempt"])
def test_a_host_that_dies_at_any_one_call_changes_nothing_but_the_time(
    healing: str, plans: tuple[Outcome, ...]
) -> None:
    for number in range(1, _steps_of_ordinary_run(healing, *plans) + 1):
        for side in (BEFORE, AFTER):
            _assert_all_is_well(_life_with_crashes(healing, {(number, side)}, *plans), 1 + len(plans))


@pytest.mark.parametrize("healing", HEALINGS)
def test_two_hosts_that_die_one_after_another_at_any_pair_of_calls_change_nothing_but_the_time(healing: str) -> None:
    """Dying after call n and before call n + 1 are the same, so that one side is enough."""
    for first in range(1, _steps_of_ordinary_run(healing) + 1):
        last = _busy_steps(_life_with_crashes(healing, {(first, AFTER)}))
        for second in range(first + 1, last + 1):
            _assert_all_is_well(_life_with_crashes(healing, {(first, AFTER), (second, AFTER)}), 1)
