"""Examples that are not what the event said, or that nothing can be trained on."""

from datetime import timedelta

import pytest

from functions.retraining.core.errors import TransientError
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Crash, Fault, World, make_app, make_world

SUCCEEDED, SKIPPED, SUPERSEDED = RunStatus.SUCCEEDED, RunStatus.SKIPPED, RunStatus.SUPERSEDED


def _why(world: World, number: int = 0) -> str:
    failure = world.ended_runs()[number].failure
    assert failure is not None
    return failure.message


def _busy() -> World:
    """A world in which one example trains."""
    world = make_world()
    world.announce(make_app(world), world.upload("first.csv"))
    world.passes(timedelta(seconds=10))
    return world


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [("notes.txt", 5, ".csv, .tsv, .arff"), ("noextension", 5, ".csv"), ("a.csv", 0, "0 bytes")],
)
def test_an_example_that_cannot_be_trained_on_is_skipped_with_the_reason(name: str, size: int, words: str) -> None:
    world = make_world()
    app = make_app(world)
    version = world.upload(name, size=size)
    for _ in range(2):
        world.announce(app, version)
    assert [run.status for run in world.ended_runs()] == [SKIPPED]
    assert words in _why(world)
    assert version.path in _why(world)
    assert world.journal.names() == ["run_waiting", "run_skipped"]
    assert world.training["retraining"].jobs == {}
    world.announce(app, world.upload("good.csv"))
    world.tick(app, 5)
    assert SUCCEEDED in [run.status for run in world.ended_runs()]


@pytest.mark.parametrize("name", ["with space.csv", "Ünïcødé-日本.csv", "100%#1?.csv", "deep/er/a+b.CSV", "x.ArFf"])
def test_a_blobs_name_may_be_anything(name: str) -> None:
    world = make_world()
    app = make_app(world)
    version = world.upload(name)
    world.announce(app, version)
    world.tick(app, 5)
    assert [(run.status, run.blob) for run in world.ended_runs()] == [(SUCCEEDED, version)]


def test_a_blob_that_is_gone_when_its_event_comes_is_reported() -> None:
    world = make_world()
    version = world.upload()
    world.blobs.remove(version.container, version.name)
    world.announce(make_app(world), version)
    assert world.journal.named("blob_gone")[0].facts["blob"] == version.path
    assert world.ended_runs() == []


def test_a_waiting_example_that_is_deleted_is_skipped() -> None:
    world = _busy()
    app = make_app(world)
    version = world.upload("second.csv")
    world.announce(app, version)
    world.blobs.remove(version.container, version.name)
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SKIPPED]
    assert "was deleted" in _why(world, 1)


def test_a_waiting_example_that_is_overwritten_gives_way_to_its_new_version() -> None:
    world = _busy()
    app = make_app(world)
    world.announce(app, world.upload("second.csv"))
    world.passes(timedelta(seconds=10))
    world.announce(app, world.upload("second.csv"))
    world.tick(app, 10)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUPERSEDED, SUCCEEDED]
    assert "was overwritten" in _why(world, 1)
    assert len(world.training["retraining"].started()) == 2


@pytest.mark.parametrize("change", ["deleted", "overwritten"])
def test_an_example_that_changes_between_a_lost_submit_and_the_next_is_not_trained_on(change: str) -> None:
    world = make_world()
    version = world.upload()
    world.steps.crash_after = ("job.submit", 1)
    with pytest.raises(Crash):
        world.announce(make_app(world), version)
    world.steps.revive()
    world.passes(timedelta(seconds=10))
    if change == "deleted":
        world.blobs.remove(version.container, version.name)
    else:
        world.upload()
    app = make_app(world)
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [SKIPPED if change == "deleted" else SUPERSEDED]
    assert world.training["retraining"].started() == []
    assert world.slot().active == ()
    sweep_examples(app)
    world.tick(app, 5)
    assert len(world.ended_runs()) == (1 if change == "deleted" else 2)


def test_a_storage_that_cannot_be_asked_gives_the_event_back() -> None:
    world = make_world()
    app = make_app(world)
    version = world.upload()
    world.steps.fail(Fault("blob.version", TransientError("read", "busy", status=503)))
    with pytest.raises(TransientError):
        world.announce(app, version)
    assert world.runs.documents == {}
    world.announce(app, version)
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]


def test_a_host_that_died_with_the_slot_and_no_document_locks_nobody_out() -> None:
    world = make_world()
    version = world.upload("lost.csv")
    world.steps.crash_after = ("slot.write", 1)
    with pytest.raises(Crash):
        world.announce(make_app(world), version)
    world.steps.revive()
    app = make_app(world)
    world.passes(timedelta(seconds=10))
    world.announce(app, world.upload("next.csv"))
    poll_runs(app)
    assert [run.status for run in world.open_runs()] == [RunStatus.WAITING]
    world.tick(app, 12)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert world.journal.names().count("slot_freed") == 1


def test_the_sweep_finds_what_no_event_announced_and_begins_it_once() -> None:
    world = make_world()
    app = make_app(world)
    world.upload("quiet.csv")
    sweep_examples(app)
    sweep_examples(app)
    world.tick(app, 5)
    sweep_examples(app)
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert len(world.journal.named("blob_unannounced")) == 1
    assert len(world.training["retraining"].jobs) == 1
