"""An `.ilearner` arrives: our own, one from elsewhere, one in the wrong place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.storage.blob import BlobServiceClient

from devstack.examples import better_sample
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.storage.model_archive import StorageModelArchive
from functions.retraining.workflows.poll import poll_runs
from tests.e2e.conftest import MakeHouse
from tests.e2e.definitions import Definitions
from tests.e2e.house import POOR, House
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

PATCH = "management.patch_endpoint"


def test_the_runs_own_model_moves_it_on_before_the_timer_does(house: House) -> None:
    run = house.begun()
    house.jobs_end()

    house.model_arrives()

    assert house.run(run).status is RunStatus.SUCCEEDED
    assert house.routes()[PATCH] == 1


def test_a_late_event_for_the_runs_own_model_changes_nothing(house: House) -> None:
    run = house.retrained()

    house.model_arrives()
    house.tick()

    assert house.ended_runs() == [run.id]
    assert house.open_runs() == []
    assert house.routes()[PATCH] == 1


def test_a_model_from_elsewhere_is_adopted_and_goes_live(house: House) -> None:
    good = house.model_bytes(house.retrained(content=better_sample().to_arff()))
    poor = house.retrained(content=POOR).model
    before = house.accuracy()
    assert poor
    # Storage tells times in whole seconds: what appears in the second of our own model's copy is taken for ours.
    wait_until(lambda: datetime.now(UTC) - poor.archived_at > timedelta(seconds=1), "another second has begun")

    house.put_model(good)
    house.model_arrives()

    (run,) = (run for run in house.ended_documents() if run.origin is Origin.TRAINED_MODEL)
    assert run.status is RunStatus.SUCCEEDED
    assert run.model
    assert house.live_model() == run.model.path
    assert house.accuracy() > max(before, 0.9)
    house.retrained()


def test_an_adopted_model_is_adopted_once(house: House) -> None:
    house.put_model(house.published_model())

    for _ in range(3):
        house.model_arrives()
        house.app.sweep_examples()

    assert [run.status for run in house.ended_documents()] == [RunStatus.SUCCEEDED]
    assert house.routes()[PATCH] == 1
    house.retrained()


def test_a_model_in_the_wrong_place_is_reported_with_the_right_one(house: House) -> None:
    wrong = ["elsewhere.ilearner", "folder/model.ilearner", "MODEL.ilearner"]
    for name in wrong:
        house.put_model(b"a model", name)
        house.model_arrives(name)
    house.tick()

    lines = house.events("model_unmatched")
    assert [line["blob"] for line in lines] == [f"{house.containers.models}/{name}" for name in wrong]
    assert all(line["expected"] == [f"{house.containers.models}/model.ilearner"] for line in lines)
    assert house.open_runs() == house.ended_runs() == []
    house.retrained()


def test_a_model_of_zero_bytes_is_skipped_in_words(house: House) -> None:
    house.put_model(b"")

    house.model_arrives()

    (line,) = house.events("run_skipped")
    assert "is empty (0 bytes)" in line["note"]
    assert house.routes().total() == 0
    house.retrained()


def test_an_archive_container_that_another_host_makes_meanwhile_is_used(house: House) -> None:
    """Timer and event both find the first job finished and both miss the container: neither may fail for it."""
    archive = house.containers.archive
    house.storage.delete_container(archive)
    made: list[str] = []

    def another_host_is_faster(request: PipelineRequest[HttpRequest]) -> None:
        asked = request.http_request
        about_the_container = asked.url.partition("?")[0].endswith(f"/{archive}")
        if about_the_container and not made:
            made.append(house.storage.create_container(archive).container_name)

    with BlobServiceClient.from_connection_string(
        house.settings["TrainingStorage"], raw_request_hook=another_host_is_faster
    ) as service:
        app = replace(house.app.app, archive=StorageModelArchive(service, archive, timedelta(days=1)))
        run = house.begun()
        house.jobs_end()
        poll_runs(app)

    assert made
    assert house.run(run).status is RunStatus.SUCCEEDED, house.run(run).failure


@pytest.mark.parametrize("name", ["größtes Modell.ilearner", "100%.ilearner", "model #1.ilearner", "a%20b.ilearner"])
def test_a_models_place_may_have_a_strange_name(make_house: MakeHouse, name: str) -> None:
    house = make_house(Definitions(model=name))

    house.retrained()
