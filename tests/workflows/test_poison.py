"""The host gave up on a blob's event: what is recorded, what is not, and what comes of it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.retraining.core.definitions import BlobDataset, Pipeline
from functions.retraining.core.errors import ServiceError, TransientError
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.workflows.app import Level
from functions.retraining.workflows.poison import record_poison
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.poison import poison_message
from tests.support.world import Fault, World, make_app, make_world, pipeline
from tests.support.world.definitions import STORAGE

SAID = "the host gave up on this blob's event: start_retraining had failed on every try"
CALLS_TO_RECORD = ["blob.version", "ended.read", "run.write"]
NO_EVENT = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b"{}",
    b'{"ContainerName": "c"}',
    b'{"ContainerName": "", "BlobName": "b"}',
    b'{"ContainerName": "c", "BlobName": 7}',
    b"[" * 60_000,
    b'{"ContainerName": "c", "BlobName": "b", "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
)


def _reading_shared(name: str) -> Pipeline:
    """A pipeline whose examples lie in a folder that others read too."""
    plain = pipeline(name)
    shared = BlobDataset("examples", STORAGE, "examples/shared")
    return replace(plain, batch_execution=replace(plain.batch_execution, web_service_input=shared))


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_run_is_recorded_with_its_reason_and_nothing_is_begun(world: World) -> None:
    version = world.upload()
    record_poison(make_app(world), poison_message(version))
    (run,) = world.open_runs()
    assert (run.status, run.origin, run.blob) == (RunStatus.WAITING, Origin.LABELED_EXAMPLE, version)
    assert [step.note for step in run.history] == [SAID]
    assert world.steps.calls == CALLS_TO_RECORD
    assert world.slot().active == ()


def test_the_timer_begins_it_and_its_model_goes_live(world: World) -> None:
    version = world.upload()
    record_poison(make_app(world), poison_message(version))
    world.tick(make_app(world), 5)
    (run,) = world.ended_runs()
    assert (run.status, run.blob) == (RunStatus.SUCCEEDED, version)
    assert len(world.training["retraining"].started()) == 1
    assert run.history[0].note == SAID


def test_the_person_on_call_is_told_which_function_gave_up_on_which_blob_and_what_became_of_it(world: World) -> None:
    version = world.upload()
    record_poison(make_app(world), poison_message(version))
    (line,) = world.journal.named("event_given_up")
    (run,) = world.open_runs()
    assert line.level is Level.ERROR
    assert line.facts == {
        "function": "start_retraining",
        "blob": version.path,
        "pipeline": "retraining",
        "run": run.id,
        "why": f"{SAID}, its log lines say why; its run is on record now and begins with a tick of the timer",
    }


@pytest.mark.parametrize("ticks", [0, 1, 6])
def test_a_run_that_is_on_record_open_or_ended_is_left_as_it_is(world: World, ticks: int) -> None:
    version = world.upload()
    world.announce(make_app(world), version)
    world.tick(make_app(world), ticks)
    before = [*world.open_runs(), *world.ended_runs()]
    record_poison(make_app(world), poison_message(version))
    assert [*world.open_runs(), *world.ended_runs()] == before
    world.tick(make_app(world), 10)
    assert len(world.training["retraining"].started()) == 1


def test_the_same_message_again_and_the_sweep_record_nothing_more(world: World) -> None:
    version = world.upload()
    for _ in range(3):
        record_poison(make_app(world), poison_message(version))
    sweep_examples(make_app(world))
    world.tick(make_app(world), 10)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]
    assert len(world.training["retraining"].started()) == 1


def test_every_pipeline_that_takes_the_blob_has_its_run() -> None:
    world = make_world(_reading_shared("one"), _reading_shared("two"), pipeline("three"))
    version = world.upload(pipeline="shared")
    record_poison(make_app(world), poison_message(version))
    assert sorted(run.pipeline for run in world.open_runs()) == ["one", "two"]


def test_a_blob_that_is_gone_or_belongs_to_nobody_is_reported_and_nothing_else(world: World) -> None:
    gone, elsewhere = world.upload(), world.blobs.put("other", "a.csv")
    world.blobs.remove(gone.container, gone.name)
    for version in (gone, elsewhere):
        record_poison(make_app(world), poison_message(version))
    first, second = (str(line.facts["why"]) for line in world.journal.named("event_given_up"))
    assert first.endswith("the blob is gone by now")
    assert second.endswith("the blob belongs to no pipeline")
    assert world.runs.documents == {}


def test_the_version_that_is_there_now_is_recorded_whatever_the_message_says(world: World) -> None:
    old = world.upload()
    world.passes(timedelta(minutes=1))
    new = world.upload()
    record_poison(make_app(world), poison_message(old))
    assert [run.blob for run in world.open_runs()] == [new]


def test_a_blob_that_cannot_be_used_ends_at_once_with_its_reason(world: World) -> None:
    version = world.upload(size=0)
    record_poison(make_app(world), poison_message(version))
    (run,) = world.ended_runs()
    assert run.status is RunStatus.SKIPPED
    assert world.open_runs() == []


@pytest.mark.parametrize("etag", [None, "", '""0x8""', 7])
def test_neither_the_etag_nor_fields_that_are_new_matter(world: World, etag: object) -> None:
    version = world.upload()
    record_poison(make_app(world), poison_message(version, ETag=etag, Added={"later": [1, 2]}, BlobType="PageBlob"))
    assert [run.blob for run in world.open_runs()] == [version]


def test_a_message_without_etag_and_function_is_a_blobs_event_all_the_same(world: World) -> None:
    version = world.upload()
    record_poison(make_app(world), json.dumps({"ContainerName": version.container, "BlobName": version.name}).encode())
    assert [run.blob for run in world.open_runs()] == [version]
    assert world.journal.named("event_given_up")[0].facts["function"] == "an unknown function"


@pytest.mark.parametrize("content", NO_EVENT, ids=range(len(NO_EVENT)))
def test_what_is_no_blobs_event_is_reported_once_and_dropped(world: World, content: bytes) -> None:
    record_poison(make_app(world), content)
    (line,) = world.journal.named("event_given_up")
    assert line.level is Level.ERROR
    assert "it is dropped" in str(line.facts["why"])
    assert len(str(line.facts["message"])) < 600
    assert world.steps.calls == []


@pytest.mark.parametrize("operation", CALLS_TO_RECORD)
def test_while_storage_is_away_the_message_comes_again(world: World, operation: str) -> None:
    version = world.upload()
    world.steps.fail(Fault(operation, TransientError(operation, "away"), times=1))
    with pytest.raises(ServiceError):
        record_poison(make_app(world), poison_message(version))
    assert world.open_runs() == []
    record_poison(make_app(world), poison_message(version))
    assert [run.blob for run in world.open_runs()] == [version]


def test_one_pipelines_trouble_keeps_no_other_from_its_run() -> None:
    world = make_world(_reading_shared("one"), _reading_shared("two"))
    version = world.upload(pipeline="shared")
    world.steps.fail(Fault("ended.read", TransientError("ended.read", "away"), where="one/"))
    with pytest.raises(ServiceError):
        record_poison(make_app(world), poison_message(version))
    assert [run.pipeline for run in world.open_runs()] == ["two"]


class TestModel:
    """The event of an `.ilearner`."""

    def test_one_from_elsewhere_is_recorded_and_goes_live(self, world: World) -> None:
        version = world.publish()
        record_poison(make_app(world), poison_message(version, "update_scoring"))
        (run,) = world.open_runs()
        assert (run.origin, run.status) == (Origin.TRAINED_MODEL, RunStatus.WAITING)
        world.tick(make_app(world), 2)
        assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]
        assert len(world.scoring["retraining"].live) == 1

    def test_the_output_of_a_training_in_progress_is_a_hint_only(self, world: World) -> None:
        world.announce(make_app(world), world.upload())
        world.passes(timedelta(minutes=3))
        (output,) = [each.version for each in world.blobs.contents.values() if each.version.container == "output"]
        before = world.open_runs()
        record_poison(make_app(world), poison_message(output, "update_scoring"))
        assert world.open_runs() == before
        assert "output of a training" in str(world.journal.named("event_given_up")[0].facts["why"])

    def test_the_output_of_a_run_that_has_ended_is_not_adopted(self, world: World) -> None:
        world.announce(make_app(world), world.upload())
        world.tick(make_app(world), 5)
        (output,) = [each.version for each in world.blobs.contents.values() if each.version.container == "output"]
        record_poison(make_app(world), poison_message(output, "update_scoring"))
        world.tick(make_app(world), 2)
        assert len(world.ended_runs()) == 1
