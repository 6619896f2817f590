"""The main job: an uploaded example becomes the live model, through real HTTP and real storage."""

import sys

import pytest

from benchmarks.storage_requests import LIST, beside_lists
from devstack.examples import better_sample
from devstack.studio import Hold, Pace
from functions.retraining.core.run import RunStatus
from tests.e2e.house import House

pytestmark = pytest.mark.azurite

STORAGE_BUDGET = 12
JOB_CALLS = ["bes.submit", "bes.start"]
UPDATE_CALLS = ["management.get_endpoint", "management.patch_endpoint", "management.get_endpoint"]


def test_a_better_example_becomes_the_live_model_and_scores_better(house: House) -> None:
    house.published_model()
    before = house.accuracy()

    run = house.retrained(content=better_sample().to_arff())

    assert house.accuracy() > max(before, 0.9)
    assert [step.status.value for step in run.history] == [
        "waiting",
        "submitting",
        "submitted",
        "running",
        "trained",
        "updating",
        "succeeded",
    ]
    assert house.open_runs() == []
    deployed = house.slot().deployed
    assert deployed
    assert deployed.run == run.id
    assert [line["run"] for line in house.events("run_succeeded")] == [run.id]


def test_the_services_see_submit_start_a_poll_a_tick_then_get_patch_get(house: House) -> None:
    house.studio.set_pace(Pace(queued=Hold(calls=1), running=Hold(calls=1)))
    run = house.begun()
    statuses: list[str] = []
    for _ in range(4):
        house.tick()
        statuses += house.job_statuses()
    assert statuses[:3] == ["NotStarted", "Running", "Running"]
    house.jobs_end()
    house.tick()

    assert house.run(run).status is RunStatus.SUCCEEDED
    calls = [seen.route for seen in house.studio.requests]
    sys.stdout.write(f"requests to the services: {', '.join(calls)}\n")
    assert calls == [*JOB_CALLS, *["bes.status"] * 5, *UPDATE_CALLS]


def test_one_run_costs_at_most_twelve_storage_requests_beside_lists(house: House) -> None:
    house.retrained()
    house.counted.requests.taken()

    house.upload()
    house.arrives()
    house.jobs_end()
    house.tick()

    requests = house.counted.requests.taken()
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(requests.items()))
    sys.stdout.write(f"storage requests of one run: {kinds}\n")
    assert len(house.ended_runs()) == 2
    assert requests[LIST] == 1
    assert beside_lists(requests) <= STORAGE_BUDGET, kinds


def test_a_tick_costs_one_list_when_nothing_is_due_and_one_more_question_when_a_job_runs(house: House) -> None:
    house.tick()
    assert dict(house.counted.requests.taken()) == {LIST: 1}

    house.studio.set_pace(Pace(running=Hold(calls=1000)))
    house.begun()
    house.counted.requests.taken()
    house.studio.clear_requests()
    house.tick()

    assert dict(house.counted.requests.taken()) == {LIST: 1}
    assert dict(house.routes()) == {"bes.status": 1}


def test_the_same_event_again_starts_nothing(house: House) -> None:
    run = house.retrained()
    house.studio.clear_requests()

    again = house.arrives()
    house.tick()

    assert again.id == run.id
    assert house.routes().total() == 0
    assert house.open_runs() == []
    assert house.ended_runs() == [run.id]


def test_two_examples_at_once_train_one_after_the_other_and_the_newer_one_is_live(folder_house: House) -> None:
    house = folder_house
    first = house.begun("first.arff")
    second = house.begun("second.arff")
    assert house.run(second).status is RunStatus.WAITING
    assert first.id in house.run(second).waits_for

    ended = house.ended(second)

    assert house.run(first).status is RunStatus.SUCCEEDED
    assert ended.status is RunStatus.SUCCEEDED
    assert ended.model
    assert house.live_model() == ended.model.path
    assert house.routes()["bes.start"] == 2


def test_an_example_that_no_event_announced_is_found_by_the_sweep(house: House) -> None:
    house.upload()

    house.app.sweep_examples()
    house.jobs_end()
    house.tick()

    assert len(house.events("blob_unannounced")) == 1
    assert len(house.events("run_succeeded")) == 1
