"""The line of a run's end says what an alert and a person need."""

import pytest

from functions.retraining.core.errors import PermanentError, TransientError
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.app import Level
from tests.support.world import Fault, World, make_app, make_world

REFUSED = PermanentError("the call", "No.", status=403, code="Forbidden", request_id="r-1")


def ended(world: World) -> tuple[str, Level, dict[str, object]]:
    """The journal line of the only run's end."""
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    (run,) = world.ended_runs()
    (line,) = world.journal.named(f"run_{run.status}")
    return line.name, line.level, line.facts


def test_success_names_the_live_model_and_when_its_example_was_uploaded() -> None:
    world = make_world()
    name, level, facts = ended(world)
    (run,) = world.ended_runs()
    assert run.model
    assert (name, level, facts["model"], facts["stage"]) == ("run_succeeded", Level.INFO, run.model.path, "updating")
    assert facts["uploaded_at"] == run.blob.last_modified.isoformat()
    assert facts["origin"] == "labeledExample"
    assert "call" not in facts


def test_a_refused_update_is_told_from_a_refused_training_by_its_stage() -> None:
    world = make_world()
    world.steps.fail(Fault("scoring.send", REFUSED))
    name, level, facts = ended(world)
    assert (name, level, facts["stage"]) == ("run_failed", Level.ERROR, "updating")
    assert (facts["http_status"], facts["code"], facts["request_id"]) == (403, "Forbidden", "r-1")
    assert "model" not in facts

    world = make_world()
    world.steps.fail(Fault("job.submit", REFUSED))
    name, _, facts = ended(world)
    assert (name, facts["stage"]) == ("run_failed", "submitting")


def test_an_end_without_a_call_says_so() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload(size=0))
    (line,) = world.journal.named("run_skipped")
    assert (line.facts["call"], line.facts["http_status"], line.facts["stage"]) == ("", None, "waiting")


@pytest.mark.parametrize("operation", ["slot.write", "run.delete"])
def test_an_end_is_told_once_though_what_follows_it_has_to_be_done_again(operation: str) -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    fault = world.steps.fail(Fault(operation, TransientError("write", "Storage was away for a moment.")))
    world.tick(app, 10)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]
    assert (world.open_runs(), world.slot().active, fault.times) == ([], (), 0)
    assert len(world.journal.named("run_succeeded")) == 1
