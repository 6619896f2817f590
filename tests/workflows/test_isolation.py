"""One pipeline's trouble is nobody else's; a document's is in test_unreadable_documents.py."""

from dataclasses import replace
from datetime import timedelta

from functions.retraining.core.definitions import BlobDataset
from functions.retraining.core.errors import PermanentError, TransientError
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.start import start_retraining
from tests.support.world import Fault, World, make_app, make_world, pipeline
from tests.support.world.definitions import STORAGE

SUCCEEDED = RunStatus.SUCCEEDED


def _two() -> World:
    """Two pipelines, `a` and `b`, whose examples lie in the same folder and whose models at the same place."""
    first, second = pipeline("a"), pipeline("b")
    shared = BlobDataset("examples", STORAGE, "examples/shared")
    return make_world(
        *(
            replace(each, batch_execution=replace(each.batch_execution, web_service_input=shared))
            for each in (first, second)
        )
    )


def test_one_example_begins_a_run_in_every_pipeline_that_reads_it() -> None:
    world = _two()
    app = make_app(world)
    world.announce(app, world.upload("x.csv", "shared"))
    world.tick(app, 5)
    assert [(run.pipeline, run.status) for run in world.ended_runs()] == [("a", SUCCEEDED), ("b", SUCCEEDED)]


def test_a_service_that_refuses_one_pipeline_does_not_stop_another() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    app = make_app(world)
    world.steps.fail(Fault("job.get", PermanentError("get", "Unauthorized.", status=401), times=None, where="a"))
    for name in ("a", "b"):
        world.announce(app, world.upload("x.csv", name))
    world.tick(app, 5)
    ended = [(run.pipeline, run.status) for run in world.ended_runs()]
    assert ended == [("a", RunStatus.FAILED), ("b", SUCCEEDED)]


def test_a_defect_in_one_pipelines_part_of_a_tick_ends_neither_the_others_nor_the_heartbeat() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    app = make_app(world)
    for name in ("a", "b"):
        for file in ("1.csv", "2.csv", "3.csv"):
            world.announce(app, world.upload(file, name))
    world.passes(timedelta(minutes=3))
    world.steps.fail(Fault("slot.read", ZeroDivisionError("a defect"), times=None, where="a"))
    world.tick(app)
    assert {line.facts["pipeline"] for line in world.journal.defects()} == {"a"}
    assert [entry.status for entry in world.open_runs() if entry.pipeline == "b"] == [
        RunStatus.RUNNING,
        RunStatus.WAITING,
    ]
    assert len(world.journal.named("runs_polled")) == 1


def test_a_storage_that_refuses_one_pipelines_documents_does_not_stop_another() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    app = make_app(world)
    for name in ("a", "b"):
        world.announce(app, world.upload("x.csv", name))
    world.passes(timedelta(minutes=3))
    world.steps.fail(Fault("run.write", TransientError("write", "busy", status=503), times=1, where="a"))
    world.tick(app)
    assert [(run.pipeline, run.status) for run in world.ended_runs()] == [("b", SUCCEEDED)]
    assert world.journal.named("look_failed")[0].facts["pipeline"] == "a"
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]


def test_an_open_run_of_a_pipeline_that_is_gone_is_reported_and_left_alone() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    world.announce(make_app(world), world.upload("x.csv", "a"))
    del world.pipelines["a"]
    world.tick(make_app(world), 2)
    assert len(world.open_runs()) == 1
    assert world.journal.named("pipeline_missing")[0].facts["pipeline"] == "a"


def test_a_blob_that_belongs_to_no_pipeline_is_reported_with_the_right_places() -> None:
    world = make_world()
    app = make_app(world)
    assert start_retraining(app, "elsewhere", "x.csv") == ()
    update_scoring(app, "output", "wrong.ilearner")
    assert world.journal.named("blob_unmatched")[0].facts["expected"] == ["examples/retraining/*"]
    assert world.journal.named("model_unmatched")[0].facts["expected"] == ["output/retraining.ilearner"]
    assert world.steps.calls == []
