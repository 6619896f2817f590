"""Several runs of a pipeline at a time: they train side by side and update one after another."""

from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import BEFORE, Crash, World, make_app, make_world, pipeline, with_partitioned_output

SUCCEEDED, SUPERSEDED = RunStatus.SUCCEEDED, RunStatus.SUPERSEDED


def _world(concurrency: int = 3, update: ActivityPolicy | None = None) -> World:
    return make_world(
        with_partitioned_output(pipeline(training=ActivityPolicy(concurrency=concurrency), update=update))
    )


def _upload(world: World, days: int) -> None:
    app = make_app(world)
    for day in range(days):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=1))


def _statuses(world: World) -> list[RunStatus]:
    return [run.status for run in world.open_runs()]


def test_as_many_runs_train_at_a_time_as_concurrency_allows_and_the_next_ones_in_one_tick() -> None:
    world = _world()
    world.training["retraining"].lasts = timedelta(minutes=10)
    _upload(world, 7)
    assert _statuses(world) == [RunStatus.RUNNING] * 3 + [RunStatus.WAITING] * 4
    world.tick(make_app(world), 12)
    assert _statuses(world) == [RunStatus.RUNNING] * 3 + [RunStatus.WAITING]
    world.tick(make_app(world), 30)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED] * 7
    assert (world.slot().active, world.slot().updating) == ((), None)


def test_only_one_of_several_updates_and_the_others_say_for_whom_they_wait() -> None:
    world = _world(2)
    world.scoring["retraining"].lag = timedelta(minutes=10)
    _upload(world, 2)
    world.tick(make_app(world), 5)
    first, second = world.open_runs()
    assert [first.status, second.status] == [RunStatus.UPDATING] * 2
    assert world.slot().updating == first.id
    assert first.id in second.waits_for
    assert world.steps.count("scoring.send") == 1
    world.tick(make_app(world), 30)
    live = world.scoring["retraining"].made_from()
    assert live == sorted(live)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]


def test_a_model_that_is_ready_later_than_a_newer_ones_does_not_replace_it() -> None:
    world = _world(2)
    app = make_app(world)
    world.training["retraining"].lasts = timedelta(minutes=9)
    world.announce(app, world.upload("slow.csv"))
    world.passes(timedelta(seconds=1))
    world.training["retraining"].lasts = timedelta(minutes=2)
    world.announce(app, world.upload("fast.csv"))
    world.tick(app, 20)
    assert [run.status for run in world.ended_runs()] == [SUPERSEDED, SUCCEEDED]
    assert len(world.scoring["retraining"].live) == 1
    assert (world.slot().active, world.slot().updating) == ((), None)


def test_the_time_spent_waiting_for_the_seat_is_no_part_of_the_updates_timeout() -> None:
    world = _world(2, ActivityPolicy(timeout=timedelta(minutes=10)))
    world.scoring["retraining"].lag = timedelta(minutes=8)
    _upload(world, 2)
    world.tick(make_app(world), 40)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]
    assert world.steps.count("scoring.send") == 2


def test_a_seat_that_a_paused_host_asks_for_after_its_run_has_ended_is_not_taken() -> None:
    """At whichever call the first host is paused for long, nobody is left in the seat."""
    for number in range(1, 40):
        world = _world(2)

        def another_takes_over(world: World = world) -> None:
            for _ in range(4):
                world.passes(timedelta(minutes=7))
                poll_runs(make_app(world))

        _upload(world, 1)
        world.steps.interludes[len(world.steps.calls) + number, BEFORE] = another_takes_over
        world.tick(make_app(world), 20)
        assert [run.status for run in world.ended_runs()] == [SUCCEEDED], number
        assert (world.slot().active, world.slot().updating) == ((), None), number
        assert len(world.training["retraining"].started()) == 1, number


def test_a_claim_without_a_run_is_freed_as_soon_as_its_place_is_needed() -> None:
    world = _world(2)
    app = make_app(world)
    world.steps.crash_after = ("slot.write", 1)
    with pytest.raises(Crash):
        _upload(world, 1)
    world.steps.revive()
    world.blobs.remove("examples", "retraining/day0.csv")
    world.passes(timedelta(minutes=6))
    world.training["retraining"].lasts = timedelta(minutes=9)
    for day in (1, 2):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=1))
    assert _statuses(world) == [RunStatus.RUNNING] * 2
    assert len(world.journal.named("slot_freed")) == 1


def test_an_upload_that_trains_beside_others_costs_the_seat_and_nothing_more() -> None:
    world = _world(2)
    _upload(world, 1)
    world.tick(make_app(world), 4)
    lists_and_services = ("runs.list", "job.submit", "job.start", "job.get", "scoring.read", "scoring.send")
    assert len([call for call in world.steps.calls if call not in lists_and_services]) == 14


def test_two_examples_of_the_same_second_whose_models_places_are_one_train_one_after_the_other() -> None:
    world = _world(3)
    app = make_app(world)
    for name in ("a.csv", "b.csv"):
        world.announce(app, world.upload(name))
    assert sorted(_statuses(world)) == [RunStatus.RUNNING, RunStatus.WAITING]
    world.tick(app, 10)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]


def test_the_sweep_frees_a_claim_without_a_run_though_nobody_asks_for_its_place() -> None:
    world = _world(2)
    world.steps.crash_after = ("slot.write", 1)
    with pytest.raises(Crash):
        _upload(world, 1)
    world.steps.revive()
    world.blobs.remove("examples", "retraining/day0.csv")
    sweep_examples(make_app(world))
    assert len(world.slot().active) == 1, "it may yet be recorded"
    world.passes(timedelta(minutes=6))
    sweep_examples(make_app(world))
    assert world.slot().active == ()
