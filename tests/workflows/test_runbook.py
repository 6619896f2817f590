"""What docs/runbook.md tells people to do, in the world in memory; what needs real storage is in tests/e2e."""

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.errors import PermanentError
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Fault, Outcome, World, make_app, make_world
from tests.support.world.run_store import Kept

SUCCEEDED, FAILED, CANCELLED = RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED


def put_at_its_place(world: World, archived: str) -> BlobVersion:
    """Copy an archived model to where the pipeline has its trained model, and let its event arrive."""
    made_from = world.archive.copies[archived].made_from
    version = world.blobs.put("output", "retraining.ilearner", made_from=made_from)
    update_scoring(make_app(world), version.container, version.name)
    return version


def statuses(world: World) -> list[RunStatus]:
    return [run.status for run in world.ended_runs()]


def test_after_a_refused_update_the_archived_model_is_offered_again_without_training() -> None:
    world = make_world()
    world.steps.fail(Fault("scoring.send", PermanentError("update", "No.", status=403)))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    (failed,) = world.ended_runs()
    assert failed.status is FAILED
    assert failed.model
    version = put_at_its_place(world, failed.model.name)
    adopted = next(run for run in world.ended_runs() if run.origin is Origin.TRAINED_MODEL)
    assert (adopted.status, adopted.blob) == (SUCCEEDED, version)
    assert len(world.training["retraining"].started()) == 1


def test_after_a_job_was_cancelled_in_the_studio_the_next_run_begins() -> None:
    world = make_world()
    world.training["retraining"].plans = [Outcome.CANCELLED_BY_OTHERS]
    app = make_app(world)
    for name in ("day1.csv", "day2.csv"):
        world.announce(app, world.upload(name))
    world.tick(app, 10)
    assert sorted(statuses(world)) == [CANCELLED, SUCCEEDED]


def unreadable(world: World, name: str) -> None:
    world.runs.documents[name] = Kept(b"{not json", world.runs.documents[name].etag)


def test_an_unreadable_run_document_that_is_put_back_goes_on() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    (run,) = world.open_runs()
    good = world.runs.documents[f"open/{run.id}"]
    unreadable(world, f"open/{run.id}")
    world.tick(app, 5)
    assert world.journal.named("document_unreadable")
    world.runs.documents[f"open/{run.id}"] = good
    world.tick(app, 2)
    assert statuses(world) == [SUCCEEDED]


def test_after_a_slot_is_deleted_no_ended_example_is_trained_on_again_and_the_next_one_is() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    del world.runs.documents["pipelines/retraining"]
    sweep_examples(app)
    world.tick(app, 5)
    assert len(world.training["retraining"].started()) == 1
    assert statuses(world) == [SUCCEEDED, SUCCEEDED]
    assert world.ended_runs()[-1].origin is Origin.TRAINED_MODEL
    world.announce(app, world.upload("day2.csv"))
    world.tick(app, 5)
    assert statuses(world) == [SUCCEEDED] * 3
