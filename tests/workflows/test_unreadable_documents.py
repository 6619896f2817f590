"""A document that nobody can read: said with what to do, left as it is, and no other run held up."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import Origin, Run, RunStatus
from functions.retraining.core.slot import CLAIM_GRACE
from functions.retraining.workflows.app import App, Level
from functions.retraining.workflows.poison import record_poison
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.poison import poison_message
from tests.support.world import World, make_app, make_world, pipeline, with_partitioned_output
from tests.support.world.run_store import Kept

SUCCEEDED = RunStatus.SUCCEEDED
UNREADABLE = [b"", b"{not json", b'{"schema": 1}', b'{"schema": 2, "id": "a"}']
IDS = ["empty", "no JSON", "of another type", "of a newer schema"]


@dataclass
class Damage:
    """A document that was damaged, and how it was before."""

    world: World
    name: str
    before: Kept | None

    def repair(self) -> None:
        """Put the version before back, as a new version of the blob."""
        self.world.runs.documents.pop(self.name)
        if self.before:
            self.world.runs.documents[self.name] = Kept(self.before.content, "put back")


def _damage(world: World, name: str, content: bytes = b"{not json") -> Damage:
    damage = Damage(world, name, world.runs.documents.get(name))
    world.runs.documents[name] = Kept(content, "damaged")
    return damage


def _begun(*pipelines: str) -> tuple[World, App]:
    """A run of each pipeline whose training is done, so that the next tick has something to do."""
    world = make_world(*map(pipeline, pipelines))
    app = make_app(world)
    for name in pipelines:
        world.announce(app, world.upload("x.csv", name))
    world.passes(timedelta(minutes=5))
    return world, app


def _ended(world: World) -> list[tuple[str, RunStatus]]:
    return [(run.pipeline, run.status) for run in world.ended_runs()]


def _reported(world: World) -> list[object]:
    return [line.facts["document"] for line in world.journal.named("document_unreadable")]


def _only(world: World, pipeline: str) -> Run:
    (run,) = (each for each in world.open_runs() if each.pipeline == pipeline)
    return run


@pytest.mark.parametrize("content", UNREADABLE, ids=IDS)
def test_a_run_whose_document_is_unreadable_is_reported_once_a_tick_and_left_as_it_is(content: bytes) -> None:
    world, app = _begun("a", "b")
    run = _only(world, "a")
    _damage(world, f"open/{run.id}", content)

    poll_runs(app)
    poll_runs(app)

    assert world.runs.documents[f"open/{run.id}"] == Kept(content, "damaged")
    assert _reported(world) == [f"open/{run.id}"] * 2
    line = world.journal.named("document_unreadable")[0]
    assert (line.level, line.facts["run"], line.facts["pipeline"]) == (Level.ERROR, run.id, "a")
    assert "leaves it as it is" in str(line.facts["why"]) or "is left as it is" in str(line.facts["why"])
    assert str(line.facts["remedy"]).startswith("Deploy" if b": 2" in content else "Put an earlier version")
    assert _ended(world) == [("b", SUCCEEDED)]
    assert world.journal.named("look_failed") == []


def test_a_run_goes_on_as_soon_as_its_document_is_put_back() -> None:
    world, app = _begun("a")
    damage = _damage(world, f"open/{_only(world, 'a').id}")
    world.tick(app, 3)

    damage.repair()
    world.tick(app, 2)

    assert _ended(world) == [("a", SUCCEEDED)]
    assert len(world.training["a"].started()) == 1


def test_a_waiting_run_that_is_unreadable_keeps_none_of_its_pipeline_from_beginning() -> None:
    world = make_world()
    app = make_app(world)
    for day in (1, 2, 3):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=1))
    first, second, _ = sorted(world.open_runs(), key=lambda run: run.id)
    damage = _damage(world, f"open/{second.id}")

    world.tick(app, 10)

    assert first.id in {run.id for run in world.ended_runs()}
    assert len(world.ended_runs()) == 2
    damage.repair()
    world.tick(app, 5)
    assert world.slot().active == ()
    assert {run.status for run in world.ended_runs()} == {SUCCEEDED, RunStatus.SUPERSEDED}
    assert world.scoring["retraining"].made_from() == sorted(world.scoring["retraining"].made_from())


def test_the_others_of_a_pipeline_are_recorded_and_wait_while_an_unreadable_run_holds_its_slot() -> None:
    """Its training may go on: a second one beside it would write to the same place."""
    world, app = _begun("retraining")
    holder = _only(world, "retraining")
    damage = _damage(world, f"open/{holder.id}")
    world.passes(CLAIM_GRACE * 3)

    world.announce(app, world.upload("next.csv"))
    world.tick(app, 20)

    waiting = next(run for name, run in _open(world, damage) if name != damage.name)
    assert (waiting.status, world.slot().active[0].run) == (RunStatus.WAITING, holder.id)
    assert holder.id in waiting.waits_for
    assert len(world.training["retraining"].jobs) == 1
    assert _reported(world) == [damage.name] * 20
    damage.repair()
    world.tick(app, 10)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]
    assert len(world.training["retraining"].started()) == 2


def test_where_several_may_train_the_others_go_on_beside_an_unreadable_run() -> None:
    world = make_world(with_partitioned_output(pipeline(training=ActivityPolicy(concurrency=2))))
    app = make_app(world)
    for day in (1, 2, 3):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=1))
    first = min(world.open_runs(), key=lambda run: run.id)
    _damage(world, f"open/{first.id}")

    world.tick(app, 20)

    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]
    assert [holder.run for holder in world.slot().active] == [first.id]


def test_an_unreadable_run_that_is_deleted_by_hand_gives_its_slot_up_and_what_it_trained_goes_live() -> None:
    """The last resort, where no earlier version can be put back. Had it trained nothing yet, it would begin anew."""
    world, app = _begun("retraining")
    name = f"open/{_only(world, 'retraining').id}"
    _damage(world, name)
    world.tick(app)

    world.runs.documents.pop(name)
    world.runs.lines.clear()
    world.passes(CLAIM_GRACE)
    sweep_examples(app)
    world.tick(app, 5)

    ended = {run.origin: run.status for run in world.ended_runs()}
    assert ended == {Origin.TRAINED_MODEL: SUCCEEDED, Origin.LABELED_EXAMPLE: RunStatus.SUPERSEDED}
    assert len(world.journal.named("slot_freed")) == 1
    assert len(world.training["retraining"].started()) == 1


@pytest.mark.parametrize("content", UNREADABLE, ids=IDS)
def test_with_an_unreadable_slot_an_upload_is_recorded_and_waits_until_it_can_be_read(content: bytes) -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    app = make_app(world)
    damage = _damage(world, "pipelines/a", content)

    for name in ("a", "b"):
        world.announce(app, world.upload("x.csv", name))
    world.tick(app, 5)

    waiting = _only(world, "a")
    assert (waiting.status, waiting.job) == (RunStatus.WAITING, None)
    assert "pipelines/a" in waiting.waits_for
    assert _ended(world) == [("b", SUCCEEDED)]
    assert set(_reported(world)) == {"pipelines/a"}
    assert len(_reported(world)) == 1 + 5
    damage.repair()
    world.tick(app, 5)
    assert _ended(world) == [("a", SUCCEEDED), ("b", SUCCEEDED)]


def test_a_slot_that_becomes_unreadable_while_a_job_runs_costs_no_second_training() -> None:
    world, app = _begun("retraining")
    damage = _damage(world, "pipelines/retraining")

    world.announce(app, world.upload("next.csv"))
    world.tick(app, 10)

    assert len(world.training["retraining"].started()) == 1
    assert len(world.open_runs()) == 2
    damage.repair()
    world.tick(app, 10)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED, SUCCEEDED]
    assert len(world.training["retraining"].started()) == 2
    assert world.slot().active == ()


def test_the_sweep_finds_examples_of_a_pipeline_whose_slot_is_unreadable() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    app = make_app(world)
    _damage(world, "pipelines/a")
    for name in ("a", "b"):
        world.upload("x.csv", name)
    world.publish("a")

    sweep_examples(app)
    world.tick(app, 5)

    assert _only(world, "a").status is RunStatus.WAITING
    assert _ended(world) == [("b", SUCCEEDED)]
    assert world.journal.named("sweep_failed") == []


def test_a_model_at_a_place_of_two_pipelines_goes_live_in_the_one_whose_slot_can_be_read() -> None:
    first, second = pipeline("a"), pipeline("b")
    place = first.trained_model
    world = make_world(
        first, replace(second, update_resources=(replace(second.update_resources[0], trained_model_dataset=place),))
    )
    app = make_app(world)
    damage = _damage(world, "pipelines/a")
    world.publish("a")

    update_scoring(app, "output", "a.ilearner")

    assert _ended(world) == [("b", SUCCEEDED)]
    assert _reported(world) == ["pipelines/a"]
    damage.repair()
    sweep_examples(app)
    assert _ended(world) == [("a", SUCCEEDED), ("b", SUCCEEDED)]


def test_the_event_of_a_model_that_an_unreadable_run_made_is_not_adopted() -> None:
    world, app = _begun("retraining")
    _damage(world, f"open/{_only(world, 'retraining').id}")

    update_scoring(app, "output", "retraining.ilearner")
    sweep_examples(app)

    assert len(world.runs.documents) == 2
    assert set(_reported(world)) == {name for name in world.runs.documents if name.startswith("open/")}


def test_a_lasting_document_that_is_unreadable_is_left_as_it_is_and_its_version_is_not_trained_again() -> None:
    world, app = _begun("retraining")
    world.tick(app, 2)
    (run,) = world.ended_runs()
    name = f"runs/retraining/{run.id}"
    _damage(world, name)

    world.announce(app, world.blobs.contents["examples/retraining/x.csv"].version)
    sweep_examples(app)
    world.announce(app, world.upload("next.csv"))
    world.tick(app, 5)

    assert world.runs.documents[name].content == b"{not json"
    assert [job.example.name for job in world.training["retraining"].started()] == [
        "retraining/x.csv",
        "retraining/next.csv",
    ]
    assert world.slot().active == ()


def test_an_index_line_that_names_another_pipeline_or_status_deceives_nobody() -> None:
    world, app = _begun("a", "b")
    run = _only(world, "a")
    line = world.runs.lines[run.id]

    world.runs.lines[run.id] = replace(line, pipeline="b", status=RunStatus.SUCCEEDED, job="b-job1")
    world.tick(app, 3)

    assert _ended(world) == [("a", SUCCEEDED), ("b", SUCCEEDED)]
    assert [len(world.training[name].started()) for name in ("a", "b")] == [1, 1]
    assert world.journal.defects() == []


def _open(world: World, damage: Damage) -> list[tuple[str, Run]]:
    """The open runs' documents by name, the damaged one as it was before."""
    shown = replace(world, runs=replace(world.runs, documents=dict(world.runs.documents)))
    replace(damage, world=shown).repair()
    return [(f"open/{run.id}", run) for run in shown.open_runs()]


def test_a_poison_message_of_a_run_whose_lasting_document_cannot_be_read_is_reported_and_does_not_come_again() -> None:
    world = make_world()
    app = make_app(world)
    version = world.upload()
    world.announce(app, version)
    world.passes(timedelta(minutes=5))
    poll_runs(app)
    (run,) = world.ended_runs()
    _damage(world, f"runs/{run.pipeline}/{run.id}")

    record_poison(app, poison_message(version))

    assert len(_reported(world)) == 1
    assert world.open_runs() == []
