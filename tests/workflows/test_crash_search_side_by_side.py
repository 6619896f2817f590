"""Three runs of one pipeline at a time, each with a place of its own for its model, on hosts that die at any call."""

from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import RunStatus
from tests.support.world import AFTER, World, make_world, pipeline, with_partitioned_output

from .lives import HEALINGS, busy_steps, life

EXAMPLES = 3


def _life(healing: str, lag: timedelta, crashes: set[tuple[int, str]]) -> World:
    world = make_world(with_partitioned_output(pipeline(training=ActivityPolicy(concurrency=3))))
    world.scoring["retraining"].lag = lag
    world.steps.crashes = crashes
    return life(world, healing, EXAMPLES)


def _assert_all_is_well(world: World) -> None:
    about = f"crashes {sorted(world.steps.crashes)}: {world.steps.calls}"
    runs = world.ended_runs()
    assert {run.status for run in runs} <= {RunStatus.SUCCEEDED, RunStatus.SUPERSEDED}, about
    assert (len(runs), runs[-1].status, world.open_runs()) == (EXAMPLES, RunStatus.SUCCEEDED, []), about
    trained = [job.example.etag for job in world.training["retraining"].started()]
    assert len(trained) == len(set(trained)), about
    slot, live = world.slot(), world.scoring["retraining"].made_from()
    assert (slot.active, slot.updating) == ((), None), about
    assert slot.deployed is not None, about
    assert slot.deployed.model == world.scoring["retraining"].serving, about
    assert live == sorted(live), about
    assert live[-1] == runs[-1].blob.last_modified, about
    assert world.journal.defects() == [], about


@pytest.mark.search
@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("lag", [0, 3], ids=["updates take effect at once", "updates take three minutes"])
def test_three_runs_side_by_side_on_a_host_that_dies_at_any_call_change_nothing_but_the_time(
    healing: str, lag: int
) -> None:
    undisturbed = _life(healing, timedelta(minutes=lag), set())
    _assert_all_is_well(undisturbed)
    assert len(undisturbed.training["retraining"].started()) == EXAMPLES
    for number in range(1, busy_steps(undisturbed) + 1):
        _assert_all_is_well(_life(healing, timedelta(minutes=lag), {(number, AFTER)}))


@pytest.mark.search
@pytest.mark.parametrize("healing", HEALINGS)
def test_three_runs_side_by_side_outlive_two_hosts_that_die_one_after_another(healing: str) -> None:
    """Every third pair: the single deaths above are complete."""
    steps = busy_steps(_life(healing, timedelta(0), set()))
    for first in range(1, steps + 1, 3):
        for second in range(first + 1, steps + 20, 7):
            _assert_all_is_well(_life(healing, timedelta(0), {(first, AFTER), (second, AFTER)}))
