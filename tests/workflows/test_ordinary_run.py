"""One uploaded example, nothing in its way: what it does, and what it costs."""

from datetime import timedelta

import pytest

from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.start import start_retraining
from tests.support.world import Crash, World, make_app, make_world

LISTS = {"runs.list", "blob.list", "ended.list"}
SERVICES = {"job.submit", "job.start", "job.get", "job.cancel", "scoring.read", "scoring.send"}
STORAGE_BUDGET = 12


def _ordinary(polls: int) -> World:
    """An upload whose job is found running `polls` times before it is found finished."""
    world = make_world()
    world.training["retraining"].lasts = timedelta(minutes=polls, seconds=30)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, polls + 1)
    return world


def test_an_upload_becomes_the_live_model() -> None:
    world = _ordinary(polls=3)
    (run,) = world.ended_runs()
    assert [step.status for step in run.history] == [
        RunStatus.WAITING,
        RunStatus.SUBMITTING,
        RunStatus.SUBMITTED,
        RunStatus.RUNNING,
        RunStatus.TRAINED,
        RunStatus.UPDATING,
        RunStatus.SUCCEEDED,
    ]
    assert run.model is not None
    assert world.scoring["retraining"].live == [run.model.path]
    assert world.open_runs() == []
    slot = world.slot()
    assert slot.active == ()
    assert slot.deployed is not None
    assert (slot.deployed.run, slot.deployed.model) == (run.id, run.model.path)


def test_it_makes_these_calls_in_this_order_and_no_others() -> None:
    world = _ordinary(polls=2)
    assert world.steps.calls == [
        "blob.version",
        "slot.read",
        "slot.write",
        "run.write",
        "job.submit",
        "run.write",
        "job.start",
        "run.write",
        *("runs.list", "job.get") * 2,
        "runs.list",
        "job.get",
        "run.read",
        "archive.copy_output",
        "scoring.read",
        "run.write",
        "scoring.send",
        "scoring.read",
        "ended.write",
        "slot.write",
        "run.delete",
    ]


@pytest.mark.parametrize("polls", [1, 5, 50])
def test_it_costs_no_more_storage_operations_than_the_budget_however_long_the_job_runs(polls: int) -> None:
    world = _ordinary(polls)
    storage = [call for call in world.steps.calls if call not in LISTS | SERVICES]
    assert len(storage) <= STORAGE_BUDGET
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]


def test_it_calls_each_service_as_often_as_planned() -> None:
    world = _ordinary(polls=4)
    services = [call for call in world.steps.calls if call in SERVICES]
    polls = ["job.get"] * 5
    assert services == ["job.submit", "job.start", *polls, "scoring.read", "scoring.send", "scoring.read"]


def test_an_idle_tick_is_one_list() -> None:
    world = make_world()
    poll_runs(make_app(world))
    assert world.steps.calls == ["runs.list"]


def test_a_tick_at_a_run_that_is_not_due_is_one_list() -> None:
    world = make_world()
    app = make_app(world)
    world.steps.crash_after = ("run.write", 1)
    with pytest.raises(Crash):
        world.announce(app, world.upload())
    world.steps.revive()
    before = len(world.steps.calls)
    world.tick(make_app(world))
    assert world.steps.calls[before:] == ["runs.list"]


def test_the_models_own_event_moves_the_run_on_before_the_timer_does() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.passes(timedelta(minutes=2))
    update_scoring(app, "output", "retraining.ilearner")
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]
    assert len(world.ended_runs()) == 1


def test_the_door_hands_back_the_run_it_began() -> None:
    world = make_world()
    version = world.upload()
    (run,) = start_retraining(make_app(world), version.container, version.name)
    assert (run.status, run.blob) == (RunStatus.RUNNING, version)


def test_each_step_of_a_run_is_one_journal_line() -> None:
    world = _ordinary(polls=2)
    assert [name for name in world.journal.names() if name != "runs_polled"] == [
        "run_waiting",
        "run_submitting",
        "run_submitted",
        "run_running",
        "run_trained",
        "run_updating",
        "run_succeeded",
    ]
    run = world.ended_runs()[0]
    facts = world.journal.named("run_succeeded")[0].facts
    assert (facts["run"], facts["blob"], facts["job"]) == (run.id, run.blob.path, "retraining-job1")


def test_a_second_event_at_any_stage_changes_nothing() -> None:
    ordinary = _ordinary(polls=2)
    for minutes in range(5):
        world = make_world()
        world.training["retraining"].lasts = timedelta(minutes=2, seconds=30)
        app = make_app(world)
        version = world.upload()
        world.announce(app, version)
        world.tick(app, minutes)
        world.announce(app, version)
        world.tick(app, 5)
        assert world.scoring["retraining"].live == ordinary.scoring["retraining"].live
        assert len(world.training["retraining"].started()) == 1
        assert len(world.ended_runs()) == 1
        assert world.open_runs() == []
