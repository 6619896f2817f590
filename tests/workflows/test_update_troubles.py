"""The scoring web service refuses, forgets, or takes its time."""

from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.errors import OutcomeUnknown, PermanentError, TransientError
from functions.retraining.core.run import Run, RunStatus
from tests.support.world import Fault, World, make_app, make_world, pipeline

TEN_MINUTES = timedelta(minutes=10)
LOST = OutcomeUnknown("update", "the answer was lost")


def _world(update: ActivityPolicy | None = None, lag: timedelta = timedelta(0)) -> World:
    world = make_world(pipeline(update=update))
    world.scoring["retraining"].lag = lag
    return world


def _run(world: World, minutes: int = 60) -> World:
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, minutes)
    return world


def _only_run(world: World) -> Run:
    (run,) = world.ended_runs()
    assert world.open_runs() == []
    assert world.slot().active == ()
    return run


def test_updated_means_verified_however_long_it_takes() -> None:
    world = _world(lag=timedelta(minutes=7))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    (run,) = world.open_runs()
    assert run.status is RunStatus.UPDATING
    assert "still names no model" in run.waits_for
    world.tick(app, 6)
    assert _only_run(world).status is RunStatus.SUCCEEDED
    assert world.steps.count("scoring.send") == 1


def test_waiting_for_the_update_to_take_effect_writes_nothing() -> None:
    world = _world(lag=timedelta(minutes=30))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 4)
    before = len(world.steps.calls)
    world.tick(app, 2)
    assert world.steps.calls[before:] == ["runs.list", "run.read", "slot.read", "scoring.read"] * 2


def test_a_model_that_never_takes_effect_is_sent_again_and_then_timed_out() -> None:
    world = _run(_world(ActivityPolicy(timeout=TEN_MINUTES, retry=1), lag=timedelta(days=1)))
    run = _only_run(world)
    assert (run.status, run.updates[0].attempt) == (RunStatus.TIMED_OUT, 2)
    assert world.steps.count("scoring.send") == 2
    assert run.failure is not None
    assert "did not take the model within the activity's timeout of 0:10:00" in run.failure.message
    assert world.slot().deployed is None


def test_a_wrong_trained_model_name_is_an_error_that_lists_the_right_ones_and_sends_nothing() -> None:
    world = _world()
    world.scoring["retraining"].names = ("Other [trained model]",)
    run = _only_run(_run(world))
    assert run.status is RunStatus.FAILED
    assert run.failure is not None
    assert "Other [trained model]" in run.failure.message
    assert world.steps.count("scoring.send") == 0
    assert world.slot().unverified is None


@pytest.mark.parametrize("operation", ["scoring.read", "scoring.send"])
def test_a_refusal_ends_the_run_in_the_services_own_words(operation: str) -> None:
    world = _world()
    refused = PermanentError("update", "Not yours.", status=403, code="Forbidden", request_id="r-403")
    world.steps.fail(Fault(operation, refused))
    failure = _only_run(_run(world)).failure
    assert failure is not None
    assert (failure.message, failure.code, failure.request_id) == ("Not yours.", "Forbidden", "r-403")


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_lost_answer_to_the_update_is_settled_by_asking(*, carried_out: bool) -> None:
    world = _world()
    world.steps.fail(Fault("scoring.send", LOST, carried_out=carried_out))
    assert _only_run(_run(world)).status is RunStatus.SUCCEEDED
    assert world.steps.count("scoring.send") == (1 if carried_out else 2)


def test_an_update_that_is_refused_for_now_until_its_timeout_is_timed_out_in_the_services_words() -> None:
    world = _world(ActivityPolicy(timeout=TEN_MINUTES))
    world.steps.fail(Fault("scoring.send", TransientError("update", "Throttled.", status=503), times=None))
    run = _only_run(_run(world))
    assert run.status is RunStatus.TIMED_OUT
    assert run.failure is not None
    assert "Throttled." in run.failure.message


def test_waiting_for_the_effect_forgets_the_failures_before_it() -> None:
    world = _world(lag=timedelta(minutes=30))
    world.steps.fail(Fault("scoring.send", LOST))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 8)
    (run,) = world.open_runs()
    assert (run.failures, run.status) == (0, RunStatus.UPDATING)
    assert "still names" in run.waits_for


def test_a_failed_update_leaves_the_older_model_live_and_on_record() -> None:
    world = _run(_world(), minutes=5)
    deployed = world.slot().deployed
    world.steps.fail(Fault("scoring.read", PermanentError("read", "No.", status=403)))
    app = make_app(world)
    world.announce(app, world.upload("better.csv"))
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED, RunStatus.FAILED]
    assert world.slot().deployed == deployed
    assert deployed is not None
    assert world.scoring["retraining"].serving == deployed.model


def test_an_example_uploaded_after_an_unverified_update_goes_live_and_clears_it() -> None:
    world = _world(ActivityPolicy(timeout=TEN_MINUTES), lag=timedelta(days=1))
    _run(world, minutes=30)
    assert world.slot().unverified is not None
    world.scoring["retraining"].lag = timedelta(0)
    app = make_app(world)
    world.announce(app, world.upload("better.csv"))
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.TIMED_OUT, RunStatus.SUCCEEDED]
    assert world.slot().unverified is None
