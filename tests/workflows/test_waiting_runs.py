"""What a run may wait for before it trains: its inputs, its delay, its next attempt, a pipeline that is paused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy, BlobDataset, ExternalData, Validation
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slices import Partition
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Outcome, World, make_app, make_world, pipeline, with_inputs
from tests.support.world.definitions import STORAGE

MINUTE = timedelta(minutes=1)
WAITING, RUNNING = RunStatus.WAITING, RunStatus.RUNNING
SUCCEEDED, SUPERSEDED, SKIPPED = RunStatus.SUCCEEDED, RunStatus.SUPERSEDED, RunStatus.SKIPPED
FOREVER = ExternalData(maximum_retry=10_000)


def _two_inputs(external: ExternalData = FOREVER, validation: Validation | None = None) -> World:
    checked = validation or Validation()
    days = BlobDataset("days", STORAGE, "examples/retraining", "day1.csv", external_data=external, validation=checked)
    weights = BlobDataset("weights", STORAGE, "weights", "weights.csv", external_data=external, validation=checked)
    return make_world(with_inputs(pipeline(), days, weights))


def _weights(world: World) -> None:
    version = world.blobs.put("weights", "weights.csv")
    world.announce(make_app(world), version)


def _ended(world: World) -> list[RunStatus]:
    return [run.status for run in world.ended_runs()]


def _failure(run: Run) -> str:
    assert run.failure is not None
    return run.failure.message


def test_a_run_waits_until_its_other_input_is_there_and_the_newest_inputs_run_trains_on_both() -> None:
    world = _two_inputs()
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    (run,) = world.open_runs()
    assert run.status is WAITING
    assert "weights/weights.csv, which is trained on too and is not there yet" in run.waits_for
    _weights(world)
    world.tick(app, 10)
    assert _ended(world) == [SUPERSEDED, SUCCEEDED]
    assert "its run trains on both" in _failure(world.ended_runs()[0])
    (job,) = world.training["retraining"].started()
    assert {name: blob.name for name, blob in job.inputs.items()} == {
        "days": "retraining/day1.csv",
        "weights": "weights.csv",
    }


def test_two_inputs_of_the_same_second_are_trained_on_once() -> None:
    world = _two_inputs()
    app = make_app(world)
    version = world.upload()
    _weights(world)
    world.announce(app, version)
    world.tick(app, 10)
    assert sorted(_ended(world)) == [SUCCEEDED, SUPERSEDED]
    assert len(world.training["retraining"].started()) == 1


def test_an_input_that_never_comes_ends_the_run_when_its_patience_is_over() -> None:
    world = _two_inputs(ExternalData(data_delay=5 * MINUTE, retry_timeout=10 * MINUTE, maximum_retry=1))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 24)
    assert _ended(world) == []
    world.tick(app, 3)
    assert _ended(world) == [RunStatus.TIMED_OUT]
    assert "was not there within 0:25:00 (externalData)" in _failure(world.ended_runs()[0])
    assert world.training["retraining"].jobs == {}


def test_a_missing_input_is_asked_for_after_its_delay_and_then_at_its_interval() -> None:
    world = _two_inputs(ExternalData(data_delay=10 * MINUTE, retry_interval=4 * MINUTE, maximum_retry=99))
    app = make_app(world)
    world.announce(app, world.upload())
    looks = world.steps.subjects.count("weights/weights.csv")
    world.tick(app, 9)
    assert world.steps.subjects.count("weights/weights.csv") == looks
    world.tick(app, 10)
    assert world.steps.subjects.count("weights/weights.csv") == looks + 3


def test_a_run_that_waits_for_an_input_keeps_none_behind_it_from_training() -> None:
    hours = (Partition("hour", "yyyyMMddHH"),)
    days = BlobDataset("days", STORAGE, "examples", "{hour}.csv", hours)
    weights = BlobDataset("weights", STORAGE, "weights", "{hour}.csv", hours, external_data=FOREVER)
    world = make_world(with_inputs(pipeline(), days, weights))
    app = make_app(world)
    world.announce(app, world.blobs.put("examples", "2026112208.csv"))
    world.training["retraining"].lasts = 90 * MINUTE
    for hour in ("09", "10"):
        world.passes(60 * MINUTE)
        world.blobs.put("weights", f"20261122{hour}.csv")
        world.passes(timedelta(seconds=1))
        world.announce(app, world.blobs.put("examples", f"20261122{hour}.csv"))
    assert [run.status for run in world.open_runs()] == [WAITING, RUNNING, WAITING]
    world.tick(app, 200)
    assert _ended(world) == [SUCCEEDED, SUCCEEDED]
    assert "weights/2026112208.csv" in world.open_runs()[0].waits_for


@pytest.mark.parametrize(
    ("validation", "words"),
    [(Validation(minimum_size_mb=1), "minimumSizeMB 1"), (Validation(minimum_rows=500), "minimumRows 500")],
)
def test_an_example_below_its_datasets_minimum_is_skipped_and_said_so(validation: Validation, words: str) -> None:
    days = BlobDataset("days", STORAGE, "examples/retraining", validation=validation)
    world = make_world(with_inputs(pipeline(), days))
    world.announce(make_app(world), world.upload())
    assert _ended(world) == [SKIPPED]
    assert words in _failure(world.ended_runs()[0])
    assert (world.training["retraining"].jobs, world.open_runs()) == ({}, [])


def test_an_example_that_passes_its_datasets_minimum_is_trained_on() -> None:
    validation = Validation(minimum_size_mb=0.5, minimum_rows=100)
    world = make_world(with_inputs(pipeline(), BlobDataset("d", STORAGE, "examples/retraining", validation=validation)))
    app = make_app(world)
    world.announce(app, world.upload(size=1024 * 1024))
    world.tick(app, 5)
    assert _ended(world) == [SUCCEEDED]


def test_a_run_that_was_skipped_stays_so_when_its_other_input_is_mended_and_its_event_comes_again() -> None:
    world = _two_inputs(validation=Validation(minimum_rows=50))
    app = make_app(world)
    world.blobs.put("weights", "weights.csv")
    world.blobs.rows["weights/weights.csv"] = 1
    world.passes(MINUTE)
    version = world.upload()
    world.announce(app, version)
    assert _ended(world) == [SKIPPED]
    world.blobs.rows.clear()
    world.announce(app, version)
    world.tick(app, 10)
    assert _ended(world) == [SKIPPED]
    assert (world.training["retraining"].jobs, world.open_runs()) == ({}, [])
    assert world.slot().active == ()


def test_the_delay_begins_with_the_upload_and_a_second_event_changes_nothing() -> None:
    world = make_world(pipeline(training=ActivityPolicy(delay=10 * MINUTE)))
    app = make_app(world)
    version = world.upload()
    world.passes(2 * MINUTE)
    for _ in range(7):
        world.announce(app, version)
        world.tick(app)
    (run,) = world.open_runs()
    assert (run.status, run.next_check_at) == (WAITING, version.last_modified + 10 * MINUTE)
    world.tick(app, 1)
    world.announce(app, version)
    assert [run.status for run in world.open_runs()] == [RUNNING]
    world.tick(app, 5)
    world.announce(app, version)
    assert _ended(world) == [SUCCEEDED]
    assert len(world.training["retraining"].started()) == 1


def test_a_paused_pipeline_holds_every_run_and_lets_them_go_when_it_is_lifted() -> None:
    world = make_world(replace(pipeline(), is_paused=True))
    app = make_app(world)
    for day in range(5):
        world.announce(app, world.upload(f"day{day}.csv"))
        world.passes(timedelta(seconds=1))
    world.tick(app, 5)
    assert [run.status for run in world.open_runs()] == [WAITING] * 5
    assert "isPaused" in world.open_runs()[0].waits_for
    before = len(world.steps.calls)
    world.tick(app)
    assert world.steps.calls[before:] == ["runs.list", "slot.read", "run.read", "blob.version"]
    world.pipelines["retraining"] = pipeline()
    world.tick(make_app(world), 25)
    assert _ended(world) == [SUCCEEDED] * 5


def test_an_event_of_an_ended_run_that_comes_while_the_pipeline_is_paused_trains_nothing_later() -> None:
    world = make_world()
    version = world.upload()
    world.announce(make_app(world), version)
    world.tick(make_app(world), 5)
    world.pipelines["retraining"] = replace(pipeline(), is_paused=True)
    world.announce(make_app(world), version)
    world.pipelines["retraining"] = pipeline()
    world.tick(make_app(world), 5)
    assert (_ended(world), world.open_runs()) == ([SUCCEEDED], [])
    assert len(world.training["retraining"].started()) == 1


def _long_retry(**policy: object) -> World:
    limits = ActivityPolicy(long_retry=2, long_retry_interval=timedelta(minutes=30), **policy)  # type: ignore[arg-type]  # named fields of it
    world = make_world(pipeline(training=limits))
    world.training["retraining"].plans = [Outcome.FAILS]
    return world


def test_a_round_of_attempts_is_followed_by_another_after_its_interval_with_the_slot_kept() -> None:
    world = _long_retry()
    app = make_app(world)
    world.announce(app, world.upload("day1.csv"))
    world.passes(timedelta(seconds=5))
    world.announce(app, world.upload("day2.csv"))
    world.tick(app, 10)
    first, second = world.open_runs()
    assert [first.status, second.status] == [WAITING] * 2
    assert "attempt 2, after: training failed" in first.waits_for
    assert [holder.run for holder in world.slot().active] == [first.id]
    before = len(world.steps.calls)
    world.tick(app, 3)
    assert world.steps.calls[before:] == ["runs.list", "slot.read"] * 3, "the one behind it costs nothing"
    world.tick(app, 40)
    assert _ended(world) == [SUCCEEDED, SUCCEEDED]
    assert [job.example.name[-8:] for job in world.training["retraining"].started()] == ["day1.csv"] * 2 + ["day2.csv"]


def test_every_event_during_the_long_wait_changes_nothing() -> None:
    world = _long_retry()
    app = make_app(world)
    version = world.upload()
    world.announce(app, version)
    for _ in range(20):
        world.tick(app)
        world.announce(app, version)
        sweep_examples(app)
    (run,) = world.open_runs()
    assert (run.status, run.attempt, len(world.training["retraining"].started())) == (WAITING, 1, 1)


def test_what_a_failed_attempt_left_at_the_models_place_is_not_adopted_during_the_long_wait() -> None:
    world = _long_retry(timeout=5 * MINUTE)
    world.training["retraining"].plans = [Outcome.NEVER_ENDS]
    app = make_app(world)
    world.announce(app, world.upload())
    world.passes(4 * MINUTE)
    world.publish()
    world.tick(app, 5)
    assert [run.status for run in world.open_runs()] == [WAITING]
    update_scoring(app, "output", "retraining.ilearner")
    sweep_examples(app)
    assert len(world.open_runs()) == 1
    world.passes(MINUTE)
    world.publish()
    update_scoring(app, "output", "retraining.ilearner")
    assert len(world.open_runs()) == 2, "what somebody puts there during the wait is theirs"


def test_an_example_that_is_overwritten_during_the_long_wait_gives_the_slot_to_its_new_version() -> None:
    world = _long_retry()
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 10)
    world.announce(app, world.upload())
    world.tick(app, 40)
    assert sorted(_ended(world)) == [SUCCEEDED, SUPERSEDED]
    assert (world.slot().active, len(world.training["retraining"].started())) == ((), 2)


def test_the_newest_of_several_waiting_examples_supersedes_the_others_only_where_the_pipeline_says_so() -> None:
    world = make_world(replace(pipeline(), supersede_older_examples=True))
    app = make_app(world)
    versions = []
    for day in range(4):
        versions.append(world.upload(f"day{day}.csv"))
        world.announce(app, versions[-1])
        world.passes(timedelta(seconds=1))
    world.tick(app, 10)
    assert _ended(world) == [SUCCEEDED, SUPERSEDED, SUPERSEDED, SUCCEEDED]
    assert "supersedeOlderExamples" in _failure(world.ended_runs()[1])
    assert len(world.training["retraining"].started()) == 2


def test_a_superseded_example_is_not_trained_on_when_its_event_comes_again_after_the_newer_one_failed() -> None:
    world = make_world(replace(pipeline(), supersede_older_examples=True))
    world.training["retraining"].plans = [Outcome.FINISHES, Outcome.FAILS]
    app = make_app(world)
    versions = []
    for day in range(3):
        versions.append(world.upload(f"day{day}.csv"))
        world.announce(app, versions[-1])
        world.passes(timedelta(seconds=1))
    world.tick(app, 10)
    assert _ended(world) == [SUCCEEDED, SUPERSEDED, RunStatus.FAILED]
    for version in versions:
        world.announce(app, version)
    sweep_examples(app)
    world.tick(app, 10)
    assert _ended(world) == [SUCCEEDED, SUPERSEDED, RunStatus.FAILED]
    assert len(world.training["retraining"].started()) == 2
    assert world.open_runs() == []


def test_an_input_of_another_slice_does_not_supersede_the_example() -> None:
    hour = (Partition("hour", "yyyyMMddHH"),)
    days = BlobDataset("days", STORAGE, "examples/retraining", "{hour}.csv", partitioned_by=hour)
    weights = BlobDataset("weights", STORAGE, "weights", "weights.csv")
    world = make_world(with_inputs(pipeline(), days, weights))
    app = make_app(world)
    example = world.blobs.put("examples", f"retraining/{world.clock.now():%Y%m%d%H}.csv")
    world.passes(timedelta(hours=2))
    world.blobs.put("weights", "weights.csv")
    world.announce(app, example)
    world.tick(app, 10)
    assert _ended(world) == [SUCCEEDED], "the weights' own run would look for the example of two hours later"
