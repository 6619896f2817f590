"""What docs/runbook.md tells people to do, done."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.retraining.core.run import Origin, RunStatus
from tests.e2e.house import House
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite


def another_second_has_begun(since: datetime) -> None:
    """Storage tells times in whole seconds."""
    wait_until(lambda: datetime.now(UTC) - since > timedelta(seconds=1), "another second has begun")


def test_an_example_that_is_uploaded_again_is_trained_on_again(house: House) -> None:
    first = house.retrained()
    another_second_has_begun(first.blob.last_modified)
    second = house.retrained()
    assert second.id != first.id
    assert [live.run for live in house.slot().previous] == [first.id]


def test_the_archived_model_copied_to_the_trained_models_place_goes_live_again(house: House) -> None:
    first = house.retrained()
    another_second_has_begun(first.blob.last_modified)
    second = house.retrained()
    assert first.model
    assert second.model
    another_second_has_begun(second.model.archived_at)
    (previous,) = house.slot().previous
    assert previous.model == first.model.path

    house.put_model(house.model_bytes(first))
    house.model_arrives()

    (adopted,) = (run for run in house.ended_documents() if run.origin is Origin.TRAINED_MODEL)
    assert adopted.status is RunStatus.SUCCEEDED
    assert adopted.model
    assert house.live_model() == adopted.model.path
    assert house.model_bytes(adopted) == house.model_bytes(first)


def test_a_model_put_back_without_an_event_is_found_by_the_sweep(house: House) -> None:
    first = house.retrained()
    assert first.model
    another_second_has_begun(first.model.archived_at)
    house.put_model(house.model_bytes(first))
    house.app.sweep_examples()
    (adopted,) = (run for run in house.ended_documents() if run.origin is Origin.TRAINED_MODEL)
    assert adopted.status is RunStatus.SUCCEEDED


def lose_the_state(house: House) -> None:
    """Nobody restores the container; the app makes it anew."""
    house.storage.delete_container(house.containers.state)
    house.storage.create_container(house.containers.state)


def test_after_the_state_is_lost_the_model_at_its_place_goes_live_and_older_examples_are_not_trained_on(
    house: House,
) -> None:
    """The model lies there since a later second than the example's: a training that takes no time is a test's only."""
    trained = house.retrained()
    another_second_has_begun(trained.blob.last_modified)
    house.put_model(house.model_bytes(trained))
    lose_the_state(house)
    house.app.sweep_examples()
    ended = {run.origin: run for run in house.ended_documents()}
    assert ended[Origin.TRAINED_MODEL].status is RunStatus.SUCCEEDED
    assert (ended[Origin.LABELED_EXAMPLE].id, ended[Origin.LABELED_EXAMPLE].status) == (
        trained.id,
        RunStatus.SUPERSEDED,
    )
    assert house.open_runs() == []
    assert house.job_statuses() == ["Finished"]


def test_after_the_state_is_lost_and_no_model_lies_at_its_place_every_example_is_trained_on_anew(house: House) -> None:
    run = house.retrained()
    lose_the_state(house)
    house.storage.get_blob_client(house.containers.models, "model.ilearner").delete_blob()
    house.app.sweep_examples()
    assert house.open_runs() == [run.id]


def test_a_run_whose_host_was_stopped_goes_on_when_it_is_started_again(house: House) -> None:
    run = house.begun()
    house.jobs_end()
    house.restart()
    assert house.ended(run).status is RunStatus.SUCCEEDED
