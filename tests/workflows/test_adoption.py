"""An `.ilearner` at a pipeline's place: its own training's output, or a model from elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.errors import PermanentError, TransientError
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.workflows.app import App
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import AFTER, Crash, Fault, Outcome, World, make_app, make_world, pipeline


def _model_event(app: App) -> None:
    update_scoring(app, "output", "retraining.ilearner")


def _origins(world: World) -> list[tuple[Origin, RunStatus]]:
    return [(run.origin, run.status) for run in world.ended_runs()]


ADOPTED = (Origin.TRAINED_MODEL, RunStatus.SUCCEEDED)
TRAINED = (Origin.LABELED_EXAMPLE, RunStatus.SUCCEEDED)


def test_a_model_from_elsewhere_goes_live_without_training_however_often_it_is_announced() -> None:
    world = make_world()
    app = make_app(world)
    world.publish()
    for _ in range(3):
        _model_event(app)
        sweep_examples(app)
        world.tick(app, 2)
    assert _origins(world) == [ADOPTED]
    assert world.training["retraining"].jobs == {}
    assert len(world.scoring["retraining"].live) == 1
    assert world.steps.count("scoring.send") == 1


def test_the_sweep_finds_a_model_that_no_event_announced() -> None:
    world = make_world()
    app = make_app(world)
    world.publish()
    sweep_examples(app)
    assert _origins(world) == [ADOPTED]


def test_a_late_event_of_our_own_model_adopts_nothing() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    for _ in range(2):
        _model_event(app)
        sweep_examples(app)
        world.tick(app, 3)
    assert _origins(world) == [TRAINED]


def test_an_event_of_our_own_model_while_it_is_being_put_live_adopts_nothing() -> None:
    world = make_world()
    world.scoring["retraining"].lag = timedelta(minutes=5)
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 3)
    assert [run.status for run in world.open_runs()] == [RunStatus.UPDATING]
    _model_event(app)
    world.tick(app, 10)
    assert _origins(world) == [TRAINED]


@pytest.mark.parametrize("written", [("run.write", 5), ("ended.write", 1), ("slot.write", 2)])
def test_an_event_of_our_own_model_while_its_failed_run_is_being_ended_adopts_nothing(
    written: tuple[str, int],
) -> None:
    world = make_world()
    world.steps.fail(Fault("scoring.send", PermanentError("update", "No.", status=403)))
    world.steps.crash_after = written
    app = make_app(world)
    world.announce(app, world.upload())
    with pytest.raises(Crash):
        world.tick(app, 5)
    world.steps.revive()
    app = make_app(world)
    _model_event(app)
    world.tick(app, 10)
    _model_event(app)
    assert _origins(world) == [(Origin.LABELED_EXAMPLE, RunStatus.FAILED)]


def test_what_a_cancelled_training_wrote_is_not_adopted_although_the_next_attempt_had_no_job() -> None:
    """The first attempt's output appears as it is cancelled; the second is refused before it has a job."""
    world = make_world(pipeline(training=ActivityPolicy(timeout=timedelta(minutes=10), retry=1)))
    world.training["retraining"].plans = [Outcome.NEVER_ENDS]
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 9)
    world.publish()
    world.steps.fail(Fault("blob.version", TransientError("read", "busy", status=503), times=0))
    world.training["retraining"].steps.faults.append(
        Fault("job.submit", PermanentError("submit", "No more.", status=403))
    )
    world.tick(app, 5)
    _model_event(app)
    sweep_examples(app)
    assert _origins(world) == [(Origin.LABELED_EXAMPLE, RunStatus.FAILED)]


@pytest.mark.parametrize("look", [_model_event, sweep_examples], ids=["its event", "the sweep"])
def test_what_a_training_wrote_that_began_after_the_open_runs_were_listed_is_not_adopted(
    look: Callable[[App], None],
) -> None:
    world = make_world()
    app = make_app(world)

    def a_whole_training() -> None:
        world.announce(make_app(world), world.upload())
        world.passes(timedelta(minutes=1))

    world.training["retraining"].lasts = timedelta(seconds=30)
    world.steps.interludes[(1, AFTER)] = a_whole_training
    look(app)
    assert world.steps.calls[0] == "runs.list"
    world.tick(app, 5)
    assert _origins(world) == [TRAINED]


def test_an_example_and_then_a_newer_model_from_elsewhere_both_go_live_in_their_order() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    world.publish()
    _model_event(app)
    assert _origins(world) == [TRAINED, ADOPTED]
    live = world.scoring["retraining"].made_from()
    assert live == sorted(live)


def test_a_model_from_elsewhere_is_not_followed_by_the_model_of_an_older_example() -> None:
    world = make_world()
    app = make_app(world)
    example = world.upload()
    world.passes(timedelta(minutes=1))
    world.publish()
    _model_event(app)
    world.announce(app, example)
    assert _origins(world) == [(Origin.LABELED_EXAMPLE, RunStatus.SUPERSEDED), ADOPTED]
    assert world.training["retraining"].jobs == {}


def test_an_empty_model_is_skipped_with_the_reason() -> None:
    world = make_world()
    app = make_app(world)
    world.publish(size=0)
    for _ in range(2):
        _model_event(app)
    assert _origins(world) == [(Origin.TRAINED_MODEL, RunStatus.SKIPPED)]
    failure = world.ended_runs()[0].failure
    assert failure is not None
    assert "0 bytes" in failure.message


def test_a_model_that_is_replaced_before_it_is_copied_fails_and_the_next_version_goes_live() -> None:
    world = make_world()
    app = make_app(world)
    world.publish()
    world.steps.fail(Fault("archive.copy_blob", TransientError("copy", "busy", status=503)))
    _model_event(app)
    assert [run.status for run in world.open_runs()] == [RunStatus.WAITING]
    world.passes(timedelta(minutes=1))
    world.publish()
    _model_event(app)
    world.tick(app, 5)
    assert _origins(world) == [(Origin.TRAINED_MODEL, RunStatus.SUPERSEDED), ADOPTED]


def test_adopting_costs_little() -> None:
    world = make_world()
    world.publish()
    _model_event(make_app(world))
    assert world.steps.calls == [
        "runs.list",
        "blob.version",
        "slot.read",
        "runs.list",
        "slot.read",
        "slot.read",
        "slot.write",
        "archive.copy_blob",
        "scoring.read",
        "run.write",
        "scoring.send",
        "scoring.read",
        "ended.write",
        "slot.write",
        "run.delete",
    ]
