"""One training that feeds several scoring web services, some of which say how far an update is."""

from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.errors import PermanentError, TransientError
from functions.retraining.core.observed import UpdateState
from functions.retraining.core.run import Run, RunStatus
from tests.support.world import Fault, World, make_app, make_world, pipeline, with_updates

FIRST, SECOND = "retraining", "retraining/second"
TEN_MINUTES = timedelta(minutes=10)
SUCCEEDED, FAILED, TIMED_OUT = RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.TIMED_OUT


def _world(first: ActivityPolicy | None = None, second: ActivityPolicy | None = None) -> World:
    return make_world(with_updates(pipeline(update=first), second=second or ActivityPolicy()))


def _run(world: World, minutes: int = 30) -> Run:
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, minutes)
    (run,) = world.ended_runs()
    assert world.open_runs() == []
    assert (world.slot().active, world.journal.defects()) == ((), [])
    return run


def _sent_to(world: World, subject: str) -> int:
    pairs = zip(world.steps.calls, world.steps.subjects, strict=True)
    return sum(pair == ("scoring.send", subject) for pair in pairs)


def test_every_scoring_web_service_gets_the_one_model() -> None:
    world = _world()
    run = _run(world)
    assert run.model is not None
    assert [scoring.live for scoring in world.scoring.values()] == [[run.model.path]] * 2
    assert [(update.activity, update.outcome) for update in run.updates] == [
        ("update", SUCCEEDED),
        ("second", SUCCEEDED),
    ]
    assert run.history[-1].note == "all 2 scoring web services name it"
    assert len(world.training["retraining"].started()) == 1


@pytest.mark.parametrize(("broken", "healthy"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_ones_refusal_keeps_no_other_from_its_model_and_the_run_says_which_is_which(broken: str, healthy: str) -> None:
    world = _world()
    world.scoring[broken].names = ("Other [trained model]",)
    run = _run(world)
    assert run.status is FAILED
    assert len(world.scoring[healthy].live) == 1
    assert _sent_to(world, broken) == 0
    assert run.failure is not None
    name = "update" if broken == FIRST else "second"
    assert f"activity '{name}' failed: 'model [trained model]' is not among" in run.failure.message
    assert f"'{'second' if name == 'update' else 'update'}' succeeded" in run.failure.message
    assert world.slot().unverified is not None, "the healthy one serves it: no older model may follow"


def test_one_that_is_busy_keeps_no_other_waiting() -> None:
    world = _world()
    busy = TransientError("update", "Throttled.", status=503)
    world.steps.fail(Fault("scoring.send", busy, times=3, where=SECOND))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 20)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert [len(scoring.live) for scoring in world.scoring.values()] == [1, 1]


def test_each_has_its_own_attempts_and_its_own_timeout() -> None:
    world = _world(ActivityPolicy(timeout=TEN_MINUTES), ActivityPolicy(timeout=timedelta(minutes=4), retry=2))
    world.scoring[FIRST].lag = timedelta(minutes=7)
    world.scoring[SECOND].lag = timedelta(days=1)
    run = _run(world, 40)
    first, second = run.updates
    assert (first.attempt, first.outcome) == (1, SUCCEEDED)
    assert (second.attempt, second.outcome) == (3, TIMED_OUT)
    assert (_sent_to(world, FIRST), _sent_to(world, SECOND)) == (1, 3)
    assert run.status is TIMED_OUT


def test_what_is_waited_for_names_the_activity() -> None:
    world = _world()
    for scoring in world.scoring.values():
        scoring.lag = timedelta(minutes=9)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 4)
    (run,) = world.open_runs()
    assert run.waits_for.startswith("update: the scoring web service, which still names no model; second: ")


def test_waiting_for_several_updates_writes_nothing() -> None:
    world = _world()
    for scoring in world.scoring.values():
        scoring.lag = timedelta(minutes=30)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    before = len(world.steps.calls)
    world.tick(app, 2)
    assert world.steps.calls[before:] == ["runs.list", "run.read", "slot.read", "scoring.read", "scoring.read"] * 2


def test_an_update_interval_is_waited_out_while_the_other_ends() -> None:
    world = _world(second=ActivityPolicy(retry=1, retry_interval=timedelta(minutes=5)))
    world.scoring[SECOND].follows = True
    world.scoring[SECOND].ends = UpdateState.FAILED
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 3)
    (run,) = world.open_runs()
    assert [(update.attempt, update.outcome) for update in run.updates] == [(1, SUCCEEDED), (2, None)]
    assert _sent_to(world, SECOND) == 1
    world.scoring[SECOND].ends = UpdateState.SUCCEEDED
    world.tick(app, 3)
    assert _sent_to(world, SECOND) == 1
    world.tick(app, 4)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert _sent_to(world, SECOND) == 2


def test_an_update_is_followed_over_ticks_and_restarts_and_sent_once() -> None:
    world = _world()
    world.scoring[SECOND].follows = True
    world.scoring[SECOND].lag = timedelta(minutes=6)
    world.announce(make_app(world), world.upload())
    for _ in range(12):
        world.tick(make_app(world))
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert _sent_to(world, SECOND) == 1
    assert world.steps.count("scoring.follow") >= 5


def test_an_update_that_is_called_complete_but_changed_nothing_is_a_failure_that_says_so() -> None:
    world = _world()
    world.scoring[SECOND].follows, world.scoring[SECOND].has_effect = True, False
    run = _run(world)
    assert run.status is FAILED
    assert run.failure is not None
    assert "called the update complete, but still names no model" in run.failure.message


def test_an_update_that_the_service_could_not_carry_out_fails_in_its_words() -> None:
    world = _world()
    world.scoring[SECOND].follows, world.scoring[SECOND].ends = True, UpdateState.FAILED
    run = _run(world)
    assert run.updates[1].failure is not None
    assert "could not carry out the update: the service's own words" in run.updates[1].failure.message


def test_a_forgotten_operation_is_settled_by_asking_what_is_served() -> None:
    world = _world()
    world.scoring[SECOND].follows, world.scoring[SECOND].lag = True, timedelta(minutes=3)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 3)
    world.scoring[SECOND].operations.clear()
    world.tick(app, 6)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert _sent_to(world, SECOND) == 1


def test_an_activity_that_is_taken_out_of_the_definitions_meanwhile_ends_the_run_and_frees_the_slot() -> None:
    world = _world()
    world.scoring[SECOND].lag = timedelta(minutes=30)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 4)
    world.pipelines["retraining"] = pipeline()
    world.tick(make_app(world), 3)
    (run,) = world.ended_runs()
    assert run.failure is not None
    assert "no update resource activity of this name any more" in run.failure.message
    assert (world.slot().active, world.journal.defects()) == ((), [])


def test_an_activity_that_is_put_into_the_definitions_meanwhile_gets_the_model_too() -> None:
    world = _world()
    both = world.pipelines["retraining"]
    world.pipelines["retraining"] = pipeline()
    world.scoring[FIRST].lag = timedelta(minutes=5)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 3)
    world.pipelines["retraining"] = both
    world.tick(make_app(world), 6)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert [len(scoring.live) for scoring in world.scoring.values()] == [1, 1]


def test_a_refused_follow_up_ends_that_update_alone() -> None:
    world = _world()
    world.scoring[SECOND].follows = True
    world.steps.fail(Fault("scoring.follow", PermanentError("follow", "Forbidden.", status=403, code="Forbidden")))
    run = _run(world)
    assert [update.outcome for update in run.updates] == [SUCCEEDED, FAILED]
    assert run.failure is not None
    assert run.failure.code == "Forbidden"
