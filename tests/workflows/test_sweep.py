"""What a sweep asks storage for: each watched place once, and nothing for what is known."""

from dataclasses import replace
from datetime import timedelta

from functions.retraining.core.definitions import BlobDataset
from functions.retraining.core.errors import TransientError
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Fault, World, make_app, make_world, pipeline, with_inputs
from tests.support.world.definitions import STORAGE, with_partitioned_output
from tests.support.world.slow_steps import slow_down

SUCCEEDED = RunStatus.SUCCEEDED
SHARED = "examples/shared"


def _watching_one_folder(*names: str) -> World:
    """Pipelines that watch the same folder, each for the files that begin with its name."""
    datasets = {name: BlobDataset("examples", STORAGE, SHARED, file_filter=f"{name}*") for name in names}
    return make_world(*(with_inputs(pipeline(name), dataset) for name, dataset in datasets.items()))


def _lists_of(world: World, place: str) -> int:
    calls = zip(world.steps.calls, world.steps.subjects, strict=True)
    return sum(call == ("blob.list", place) for call in calls)


def _calls_of_a_sweep(world: World) -> list[str]:
    before = len(world.steps.calls)
    sweep_examples(make_app(world))
    return world.steps.calls[before:]


def test_a_folder_that_several_pipelines_watch_is_listed_once_and_each_finds_its_own() -> None:
    world = _watching_one_folder("a", "b", "c")
    for name in ("a1.csv", "b1.csv", "b2.csv", "c1.csv"):
        world.upload(name, "shared")
    sweep_examples(make_app(world))
    world.tick(make_app(world), 10)
    ended = [(run.pipeline, run.blob.name, run.status) for run in world.ended_runs()]
    assert sorted(ended) == [
        ("a", "shared/a1.csv", SUCCEEDED),
        ("b", "shared/b1.csv", SUCCEEDED),
        ("b", "shared/b2.csv", SUCCEEDED),
        ("c", "shared/c1.csv", SUCCEEDED),
    ]
    assert _lists_of(world, "examples/shared/") == 1


def test_a_folder_that_cannot_be_listed_is_asked_for_once_and_written_down_for_each_pipeline() -> None:
    world = _watching_one_folder("a", "b", "c")
    world.upload("a1.csv", "shared")
    busy = TransientError("list", "busy", status=503)
    world.steps.fail(Fault("blob.list", busy, times=None, where="examples/shared/"))
    sweep_examples(make_app(world))
    assert _lists_of(world, "examples/shared/") == 1
    assert sorted(str(line.facts["pipeline"]) for line in world.journal.named("sweep_failed")) == ["a", "b", "c"]
    world.steps.heal()
    sweep_examples(make_app(world))
    assert [run.pipeline for run in world.open_runs()] == ["a"]


def test_two_inputs_in_one_folder_are_listed_once() -> None:
    days = BlobDataset("days", STORAGE, SHARED, "days.csv")
    names = BlobDataset("names", STORAGE, SHARED, file_filter="names*")
    others = BlobDataset("others", STORAGE, SHARED, file_filter="others*")
    world = make_world(with_inputs(pipeline(), days, names, others))
    assert _calls_of_a_sweep(world).count("blob.list") == 3, "the folder, the one blob in it, the model's place"


def test_the_models_that_its_own_runs_left_cost_a_sweep_no_call_each() -> None:
    world = make_world(with_partitioned_output(pipeline()))
    for day in range(5):
        world.announce(make_app(world), world.upload(f"day{day}.csv"))
        world.tick(make_app(world), 5)
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED] * 5
    calls = _calls_of_a_sweep(world)
    assert sorted(calls) == sorted(["runs.list", "blob.list", "slot.read", "ended.list", "blob.list", "slot.read"])


def test_a_model_that_was_adopted_is_not_asked_for_again() -> None:
    world = make_world()
    world.publish()
    sweep_examples(make_app(world))
    assert [run.status for run in world.ended_runs()] == [SUCCEEDED]
    assert "blob.version" not in _calls_of_a_sweep(world)


def test_a_sweep_that_runs_out_of_time_says_so_and_the_next_one_goes_on() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    for name in ("a", "b"):
        world.upload("day1.csv", name)
    slow_down(world, timedelta(seconds=90), "blob.list")
    sweep_examples(make_app(world))
    assert len(world.journal.named("sweep_unfinished")) == 1
    assert len(world.open_runs()) < 2
    slow_down(world, timedelta(0))
    sweep_examples(make_app(world))
    assert len(world.open_runs()) == 2
    assert len(world.journal.named("sweep_unfinished")) == 1


def test_the_newest_of_very_many_examples_ends_the_others_in_as_many_ticks_as_it_takes() -> None:
    """Ending one costs storage's time: what does not fit into a tick is left to the next."""
    world = make_world(replace(pipeline(), supersede_older_examples=True))
    app = make_app(world)
    for day in range(40):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=1))
    slow_down(world, timedelta(seconds=10), "run.read")
    spans: list[timedelta] = []
    while world.open_runs():
        assert len(spans) < 40
        began = world.clock.now()
        world.tick(make_app(world))
        spans.append(world.clock.now() - began)
    assert max(spans) < timedelta(minutes=4)
    assert len(world.training["retraining"].started()) == 2
