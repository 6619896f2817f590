"""A run that has ended stays as it ended, wherever the host died while it wrote that down."""

from contextlib import suppress
from datetime import timedelta

import pytest

from functions.retraining.core.errors import PermanentError
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import AFTER, Crash, Fault, World, make_app, make_world

REFUSED = PermanentError("call", "Forbidden for now.", status=403, code="Forbidden", request_id="r-403")
ENDING = {"its lasting document": ("ended.write", 1), "the slot": ("slot.write", 2), "nothing more": ("run.delete", 1)}
"""What was written when the host died; the first write of the slot is the one that takes it."""


def _dies_after(world: World, written: str) -> None:
    world.steps.crash_after = ENDING[written]


def _uploaded_and_ticked(world: World) -> None:
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)


def _goes_on_for_long(world: World) -> None:
    world.steps.revive()
    app = make_app(world)
    world.tick(app, 10)
    for content in list(world.blobs.contents.values()):
        if content.version.container == "examples":
            world.announce(app, content.version)
        else:
            update_scoring(app, "output", content.version.name)
    sweep_examples(app)
    world.tick(app, 10)


@pytest.mark.parametrize("written", ENDING)
@pytest.mark.parametrize(
    "operation", ["job.submit", "job.start", "archive.copy_output", "scoring.read", "scoring.send"]
)
def test_a_refused_run_does_not_go_on_when_the_service_has_been_repaired(operation: str, written: str) -> None:
    world = make_world()
    world.steps.fail(Fault(operation, REFUSED))
    _dies_after(world, written)
    with pytest.raises(Crash):
        _uploaded_and_ticked(world)
    trained = len(world.training["retraining"].started())
    _goes_on_for_long(world)
    ended = world.ended_runs()
    assert [run.status for run in ended] == [RunStatus.FAILED]
    assert world.open_runs() == []
    assert len(world.training["retraining"].started()) == trained
    assert world.scoring["retraining"].live == []
    assert world.slot().active == ()
    assert world.slot().ended == (ended[0].id,)


@pytest.mark.parametrize("written", ENDING)
def test_a_refused_adoption_does_not_go_on_when_the_service_has_been_repaired(written: str) -> None:
    world = make_world()
    world.steps.fail(Fault("archive.copy_blob", REFUSED))
    _dies_after(world, written)
    world.publish()
    with pytest.raises(Crash):
        update_scoring(make_app(world), "output", "retraining.ilearner")
    _goes_on_for_long(world)
    assert [run.status for run in world.ended_runs()] == [RunStatus.FAILED]
    assert world.open_runs() == []
    assert world.scoring["retraining"].live == []
    assert world.slot().active == ()


def test_a_waiting_run_that_took_the_slot_and_lost_its_blob_gives_the_slot_back() -> None:
    world = make_world()
    app = make_app(world)
    first = world.upload("day1.csv")
    world.announce(app, first)
    second = world.upload("day2.csv")
    world.announce(app, second)
    world.steps.crash_after = ("slot.write", 3)
    with pytest.raises(Crash):
        world.tick(app, 5)
    assert [holder.run for holder in world.slot().active] == [world.open_runs()[0].id]
    world.steps.revive()
    world.blobs.remove("examples", second.name)
    world.tick(make_app(world))
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED, RunStatus.SKIPPED]
    assert world.slot().active == ()


def test_a_second_event_for_an_ended_run_trains_nothing() -> None:
    world = make_world()
    app = make_app(world)
    version = world.upload()
    world.announce(app, version)
    world.tick(app, 5)
    for _ in range(3):
        world.announce(app, version)
        world.tick(app, 5)
    assert len(world.ended_runs()) == 1
    assert len(world.training["retraining"].jobs) == 1
    assert world.journal.names().count("run_succeeded") == 1


def test_a_second_event_for_a_run_that_a_newer_one_replaced_changes_nothing() -> None:
    world = make_world()
    app = make_app(world)
    first = world.upload("day1.csv")
    world.announce(app, first)
    world.tick(app, 5)
    world.announce(app, world.upload("day2.csv"))
    world.tick(app, 5)
    before = world.ended_runs()
    world.announce(app, first)
    assert world.ended_runs() == before
    assert world.open_runs() == []
    assert len(world.training["retraining"].jobs) == 2


@pytest.mark.parametrize("operation", ["slot.read", "slot.write", "blob.version"])
def test_a_storage_that_refuses_a_second_event_does_not_end_the_run_that_goes_on(operation: str) -> None:
    world = make_world()
    app = make_app(world)
    version = world.upload()
    world.announce(app, version)
    world.steps.fail(Fault(operation, REFUSED))
    with suppress(PermanentError):
        world.announce(app, version)
    world.steps.heal()
    assert [run.status for run in world.open_runs()] == [RunStatus.RUNNING]
    assert world.ended_runs() == []
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]


@pytest.mark.parametrize("operation", ["slot.read", "slot.write"])
def test_a_storage_that_refuses_a_run_delays_it_and_says_why(operation: str) -> None:
    world = make_world()
    app = make_app(world)
    world.steps.fail(Fault(operation, REFUSED, times=None))
    world.announce(app, world.upload())
    world.tick(app, 30)
    (run,) = world.open_runs()
    assert run.status is RunStatus.WAITING
    assert "Forbidden for now." in run.waits_for
    world.steps.heal()
    world.tick(app, 20)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]


def test_an_event_that_is_delivered_again_while_its_run_ends_trains_nothing_again() -> None:
    """It read in the slot that the run holds it; before it writes that down, the run is over and its document gone."""
    world = make_world()
    app = make_app(world)
    example = world.upload()
    world.announce(app, example)
    world.passes(timedelta(minutes=5))

    def the_run_ends() -> None:
        poll_runs(make_app(world))
        assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]

    blob_and_slot_read = len(world.steps.calls) + 2
    world.steps.interludes[(blob_and_slot_read, AFTER)] = the_run_ends
    world.announce(app, example)
    world.tick(app, 10)

    assert len(world.training["retraining"].started()) == 1
    assert (world.open_runs(), world.slot().active) == ([], ())
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]
