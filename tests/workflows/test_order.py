"""Which of several examples goes first, and that an older one never replaces a newer one (promise 4)."""

from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy, ExecutionPriorityOrder
from functions.retraining.core.errors import OutcomeUnknown, TransientError
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.workflows.publish import update_scoring
from tests.support.world import Crash, Fault, World, make_app, make_world, pipeline

OLDEST = ExecutionPriorityOrder.OLDEST_FIRST
NEWEST = ExecutionPriorityOrder.NEWEST_FIRST
SUCCEEDED, SUPERSEDED = RunStatus.SUCCEEDED, RunStatus.SUPERSEDED


def _world(order: ExecutionPriorityOrder, update: ActivityPolicy | None = None) -> World:
    return make_world(pipeline(training=ActivityPolicy(execution_priority_order=order), update=update))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (OLDEST, [SUCCEEDED, SUCCEEDED, SUCCEEDED, SUCCEEDED]),
        (NEWEST, [SUCCEEDED, SUPERSEDED, SUPERSEDED, SUCCEEDED]),
    ],
)
def test_waiting_examples_go_in_the_order_of_the_policy(
    order: ExecutionPriorityOrder, expected: list[RunStatus]
) -> None:
    world = _world(order)
    app = make_app(world)
    for day in range(4):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=10))
    world.tick(app, 20)
    assert [run.status for run in world.ended_runs()] == expected
    live = world.scoring["retraining"].made_from()
    assert live == sorted(live)
    assert len(live) == expected.count(SUCCEEDED)


def test_an_older_example_whose_event_comes_late_is_not_trained_on() -> None:
    world = _world(OLDEST)
    app = make_app(world)
    old = world.upload("old.csv")
    world.passes(timedelta(minutes=1))
    world.announce(app, world.upload("new.csv"))
    world.tick(app, 5)
    world.announce(app, old)
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [SUPERSEDED, SUCCEEDED]
    failure = world.ended_runs()[0].failure
    assert failure is not None
    assert "newer blob" in failure.message
    assert len(world.training["retraining"].jobs) == 1


def test_a_newer_example_that_arrives_while_one_trains_waits_and_follows() -> None:
    world = _world(OLDEST)
    app = make_app(world)
    world.announce(app, world.upload("day1.csv"))
    world.passes(timedelta(seconds=30))
    world.announce(app, world.upload("day2.csv"))
    waiting = world.open_runs()[1]
    assert waiting.status is RunStatus.WAITING
    assert world.open_runs()[0].id in waiting.waits_for
    world.tick(app, 8)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]


@pytest.mark.parametrize("order", [OLDEST, NEWEST])
def test_a_waiting_run_that_holds_the_slot_is_not_locked_out_by_the_one_before_it_in_order(
    order: ExecutionPriorityOrder,
) -> None:
    """The copy of a large adopted model takes several ticks; meanwhile others arrive."""
    world = _world(order)
    app = make_app(world)
    example = world.upload("older.csv")
    world.passes(timedelta(minutes=1))
    world.archive.pending = 3
    world.publish()
    update_scoring(app, "output", "retraining.ilearner")
    world.announce(app, example)
    world.passes(timedelta(minutes=1))
    world.announce(app, world.upload("newer.csv"))
    world.tick(app, 15)
    assert [(run.origin, run.status) for run in world.ended_runs()] == [
        (Origin.LABELED_EXAMPLE, SUPERSEDED),
        (Origin.TRAINED_MODEL, SUCCEEDED),
        (Origin.LABELED_EXAMPLE, SUCCEEDED),
    ]


def test_a_host_that_died_with_the_slot_of_a_waiting_run_does_not_stop_the_newest_one() -> None:
    world = _world(NEWEST)
    app = make_app(world)
    for day in range(2):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=10))
    world.steps.crash_after = ("slot.write", 3)
    with pytest.raises(Crash):
        world.tick(app, 5)
    world.steps.revive()
    app = make_app(world)
    world.announce(app, world.upload("day2.csv"))
    world.tick(app, 20)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED, SUCCEEDED]


def test_an_update_that_may_have_been_taken_is_not_followed_by_an_older_one() -> None:
    """The service took the newer model, but every answer was lost until the update's timeout."""
    world = _world(NEWEST, ActivityPolicy(timeout=timedelta(minutes=10)))
    app = make_app(world)
    world.announce(app, world.upload("day0.csv"))
    world.passes(timedelta(seconds=10))
    for day in (1, 2):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=10))
    world.tick(app, 3)
    lost = OutcomeUnknown("update", "the answer was lost")
    world.steps.fail(Fault("scoring.send", lost, carried_out=True))
    world.tick(app, 1)
    world.steps.fail(Fault("scoring.read", TransientError("read", "busy", status=503), times=None))
    world.tick(app, 25)
    world.steps.heal()
    world.tick(app, 40)
    live = world.scoring["retraining"].made_from()
    assert len(live) == 2
    assert live == sorted(live)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUPERSEDED, RunStatus.TIMED_OUT]
    failure = world.ended_runs()[1].failure
    assert failure is not None
    assert "may be live" in failure.message


def test_a_rest_of_an_ended_run_never_sends_its_model_again_whatever_storage_answers() -> None:
    """The host died before it removed the open document; a newer model is live; the slot cannot be read for a while."""
    world = _world(OLDEST, ActivityPolicy(timeout=timedelta(minutes=5), retry=3))
    app = make_app(world)
    world.announce(app, world.upload("day0.csv"))
    world.steps.crash_after = ("slot.write", 2)
    with pytest.raises(Crash):
        world.tick(app, 5)
    world.steps.revive()
    app = make_app(world)
    world.announce(app, world.upload("day1.csv"))
    world.steps.fail(
        Fault("run.read", TransientError("read", "storage is busy", status=503), where=world.open_runs()[0].id)
    )
    world.tick(app, 3)
    world.steps.fail(Fault("slot.read", TransientError("read", "storage is busy", status=503), times=4))
    world.tick(app, 30)
    live = world.scoring["retraining"].made_from()
    assert live == sorted(live)
    assert world.open_runs() == []


def test_waiting_runs_cost_nothing_while_another_one_trains() -> None:
    world = _world(OLDEST)
    app = make_app(world)
    for day in range(3):
        world.announce(app, world.upload(f"day{day}.csv"))
    before = len(world.steps.calls)
    world.tick(app)
    assert world.steps.calls[before:] == ["runs.list", "job.get"]
