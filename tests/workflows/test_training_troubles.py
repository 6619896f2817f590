"""The training web service fails, refuses, forgets or is down."""

from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, TransientError
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.workflows.poll import poll_runs
from tests.support.world import Fault, Outcome, World, make_app, make_world, pipeline

HALF_HOUR = timedelta(minutes=30)
DOWN = TransientError("get job", "Service unavailable.", status=503, code="RequestThrottled", request_id="r-503")
LOST = OutcomeUnknown("submit a job", "the answer was lost")


def _ran(policy: ActivityPolicy, *plans: Outcome, minutes: int = 120) -> World:
    world = make_world(pipeline(training=policy))
    world.training["retraining"].plans = list(plans)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, minutes)
    return world


def _only_run(world: World) -> Run:
    (run,) = world.ended_runs()
    assert world.open_runs() == []
    assert world.slot().active == ()
    return run


def _why(run: Run) -> str:
    assert run.failure is not None
    return run.failure.message


def test_a_training_that_fails_once_is_tried_again_if_the_policy_says_so() -> None:
    world = _ran(ActivityPolicy(retry=1), Outcome.FAILS)
    run = _only_run(world)
    assert (run.status, run.attempt) == (RunStatus.SUCCEEDED, 2)
    assert len(world.training["retraining"].started()) == 2
    assert any("Error 0018" in step.note for step in run.history)


def test_a_training_that_fails_for_good_ends_the_run_with_the_services_details() -> None:
    world = _ran(ActivityPolicy(retry=1), Outcome.FAILS, Outcome.FAILS, Outcome.FINISHES)
    run = _only_run(world)
    assert (run.status, run.attempt) == (RunStatus.FAILED, 2)
    assert "Error 0018: column 'age' is missing" in _why(run)
    assert len(world.training["retraining"].started()) == 2
    assert "Error 0018" in str(world.journal.named("run_failed")[0].facts["note"])


def test_the_next_upload_works_after_a_failure() -> None:
    world = _ran(ActivityPolicy(), Outcome.FAILS)
    app = make_app(world)
    world.announce(app, world.upload("better.csv"))
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.FAILED, RunStatus.SUCCEEDED]


def test_a_training_past_its_timeout_is_cancelled_tried_again_and_then_timed_out() -> None:
    world = _ran(ActivityPolicy(retry=1, timeout=HALF_HOUR), Outcome.NEVER_ENDS, Outcome.NEVER_ENDS)
    run = _only_run(world)
    assert (run.status, run.attempt) == (RunStatus.TIMED_OUT, 2)
    assert "timeout of 0:30:00" in _why(run)
    jobs = world.training["retraining"].started()
    assert [job.cancelled for job in jobs] == [True, True]
    assert world.steps.count("job.cancel") == 2


def test_a_job_that_finished_in_time_counts_although_nobody_looked_until_later() -> None:
    world = make_world(pipeline(training=ActivityPolicy(timeout=HALF_HOUR)))
    app = make_app(world)
    world.announce(app, world.upload())
    world.passes(timedelta(hours=3))
    poll_runs(app)
    assert _only_run(world).status is RunStatus.SUCCEEDED


def test_a_cancellation_that_is_never_answered_ends_the_attempt_after_its_grace() -> None:
    world = make_world(pipeline(training=ActivityPolicy(timeout=HALF_HOUR)))
    world.training["retraining"].plans = [Outcome.NEVER_ENDS]
    world.steps.fail(Fault("job.cancel", DOWN, times=None))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 60)
    run = _only_run(world)
    assert run.status is RunStatus.TIMED_OUT
    assert "could not be asked to cancel job retraining-job1" in _why(run)


def test_a_cancellation_whose_answer_is_lost_is_found_carried_out() -> None:
    world = make_world(pipeline(training=ActivityPolicy(timeout=HALF_HOUR, retry=1)))
    world.training["retraining"].plans = [Outcome.NEVER_ENDS]
    world.steps.fail(Fault("job.cancel", LOST, carried_out=True))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 60)
    assert _only_run(world).status is RunStatus.SUCCEEDED
    assert world.steps.count("job.cancel") == 1


@pytest.mark.parametrize("retry", [0, 1])
def test_a_job_that_vanishes_ends_its_attempt(retry: int) -> None:
    run = _only_run(_ran(ActivityPolicy(retry=retry), Outcome.VANISHES))
    assert run.status is (RunStatus.SUCCEEDED if retry else RunStatus.FAILED)
    assert any("no longer knows job retraining-job1" in step.note for step in run.history)


def test_a_job_that_somebody_else_cancelled_ends_the_run_without_another_attempt() -> None:
    world = _ran(ActivityPolicy(retry=3), Outcome.CANCELLED_BY_OTHERS)
    run = _only_run(world)
    assert run.status is RunStatus.CANCELLED
    assert "not by this app" in _why(run)
    assert len(world.training["retraining"].started()) == 1


def test_a_job_whose_results_name_no_model_ends_the_run() -> None:
    run = _only_run(_ran(ActivityPolicy(), Outcome.FORGETS_ITS_MODEL))
    assert run.status is RunStatus.FAILED
    assert "name no trained model" in _why(run)


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("operation", ["job.submit", "job.start"])
def test_a_lost_answer_trains_once_all_the_same(operation: str, *, carried_out: bool) -> None:
    world = make_world()
    world.steps.fail(Fault(operation, LOST, carried_out=carried_out))
    app = make_app(world)
    world.announce(app, world.upload())
    (waiting,) = world.open_runs()
    assert "the answer was lost" in waiting.waits_for
    world.tick(app, 10)
    assert _only_run(world).status is RunStatus.SUCCEEDED
    assert len(world.training["retraining"].started()) == 1


def test_a_submit_is_sent_once_before_the_run_is_looked_at_again() -> None:
    world = make_world()
    world.steps.fail(Fault("job.submit", LOST, times=None))
    world.announce(make_app(world), world.upload())
    assert world.steps.count("job.submit") == 1


@pytest.mark.parametrize(
    "operation", ["job.submit", "job.start", "job.get", "archive.copy_output", "scoring.read", "scoring.send"]
)
def test_a_service_that_is_down_for_an_hour_delays_the_run_and_nothing_else(operation: str) -> None:
    world = make_world()
    world.steps.fail(Fault(operation, DOWN, times=None))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 60)
    (waiting,) = world.open_runs()
    assert "Service unavailable." in waiting.waits_for
    assert "r-503" in waiting.waits_for
    assert world.steps.count(operation) < 20, "it backs off"
    world.steps.heal()
    world.tick(app, 20)
    run = _only_run(world)
    assert (run.status, run.attempt) == (RunStatus.SUCCEEDED, 1)
    assert len(world.training["retraining"].started()) == 1


@pytest.mark.parametrize("operation", ["job.submit", "job.start", "job.get", "archive.copy_output"])
def test_a_refusal_ends_the_run_in_the_services_own_words(operation: str) -> None:
    world = make_world()
    refused = PermanentError("the call", "Invalid credentials.", status=401, code="Unauthorized", request_id="r-401")
    world.steps.fail(Fault(operation, refused))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 10)
    run = _only_run(world)
    assert run.status is RunStatus.FAILED
    failure = run.failure
    assert failure is not None
    assert (failure.message, failure.call, failure.http_status) == ("Invalid credentials.", "the call", 401)
    assert (failure.code, failure.request_id) == ("Unauthorized", "r-401")
    line = world.journal.named("run_failed")[0]
    assert (line.facts["code"], line.facts["request_id"]) == ("Unauthorized", "r-401")
    assert len(world.journal.named("run_failed")) == 1


def test_a_service_that_does_not_know_the_submit_address_is_a_failure_not_a_lost_job() -> None:
    world = make_world(pipeline(training=ActivityPolicy(retry=2)))
    world.steps.fail(Fault("job.submit", NotFound("submit", "No such web service.", status=404)))
    app = make_app(world)
    world.announce(app, world.upload())
    assert _why(_only_run(world)) == "No such web service."


def test_failures_in_a_row_are_forgotten_once_a_call_goes_well() -> None:
    world = make_world()
    world.training["retraining"].plans = [Outcome.NEVER_ENDS]
    world.steps.fail(Fault("job.get", DOWN, times=2))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 1)
    assert [run.failures for run in world.open_runs()] == [1]
    world.tick(app, 5)
    (run,) = world.open_runs()
    assert (run.failures, run.waits_for) == (0, "")


def test_a_large_model_is_waited_for_while_storage_copies_it() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.archive.pending = 3
    world.tick(app, 3)
    assert "archive copy" in world.open_runs()[0].waits_for
    world.tick(app, 5)
    assert _only_run(world).status is RunStatus.SUCCEEDED
