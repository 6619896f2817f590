"""The same app in the trigger host: blob in, live model out, whatever is killed or missing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devstack.event_grid import BlobCreated, EventSubscription
from devstack.examples import better_sample
from devstack.places import ROOT
from devstack.studio import Hold, Pace
from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.process import TriggerHost
from functions.retraining.core.run import Run, RunStatus
from tests.e2e.house import EXAMPLE, House
from tests.e2e.secret_scan import secrets_in
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.azurite, pytest.mark.stack]

FUNCTIONS = ["start_retraining", "poll_runs", "update_scoring", "sweep_examples", "record_poison"]
IN_DEFINITIONS = (
    "TRAINING_ML_ENDPOINT",
    "TRAINING_API_KEY",
    "SCORING_ML_ENDPOINT",
    "SCORING_API_KEY",
    "SCORING_UPDATE_RESOURCE_ENDPOINT",
)
IN_BINDINGS = ("LABELED_EXAMPLES_CONTAINER", "TRAINED_MODELS_CONTAINER", "POLL_SCHEDULE", "SWEEP_SCHEDULE")

type StartHost = Callable[..., TriggerHost]


@pytest.fixture
def settings(house: House, tmp_path: Path) -> dict[str, str]:
    return house.settings | {
        "ADF_FOLDER": str(tmp_path / "adf"),
        "AzureFunctionsWebHost__hostid": house.containers.state,
        "POLL_SCHEDULE": "* * * * * *",
        "SWEEP_SCHEDULE": "0 0 0 1 1 *",
    }


@pytest.fixture
def start_host(house: House, tmp_path: Path) -> Iterator[StartHost]:
    """Starts the app's host, again after it was killed; its log is searched for secrets at the end."""
    with ExitStack() as stopping:

        def start(settings: dict[str, str]) -> TriggerHost:
            host = TriggerHost.start(ROOT, settings, tmp_path / "host", message_invisible_seconds=1)
            stopping.callback(host.stop)
            return host

        yield start
    log = tmp_path / "host" / "trigger_host.log"
    assert secrets_in(log.read_text("utf-8"), house.secrets()) == []


def test_an_upload_becomes_the_live_model(house: House, settings: dict[str, str], start_host: StartHost) -> None:
    host = start_host(settings)

    house.upload(content=better_sample().to_arff())
    run = _ended(house)

    assert host.functions == FUNCTIONS
    assert run.status is RunStatus.SUCCEEDED
    assert run.model
    assert house.live_model() == run.model.path
    assert house.accuracy() > 0.9


def test_a_host_killed_while_the_job_runs_goes_on_with_it_after_its_restart(
    house: House, settings: dict[str, str], start_host: StartHost
) -> None:
    house.studio.set_pace(Pace(running=Hold(seconds=3)))
    host = start_host(settings)
    house.upload()
    wait_until(lambda: [entry for entry in house.app.app.runs.open_runs() if entry.status == "running"], "a job runs")

    host.kill()
    assert house.job_statuses() == ["Running"]
    start_host(settings)
    run = _ended(house)

    assert run.status is RunStatus.SUCCEEDED
    assert run.attempt == 1
    assert house.routes()["bes.submit"] == house.routes()["bes.start"] == 1
    assert len(house.ended_runs()) == 1


def test_with_settings_missing_the_host_runs_and_the_first_call_names_them_all(
    house: House, settings: dict[str, str], start_host: StartHost
) -> None:
    incomplete = {name: value for name, value in settings.items() if name not in IN_DEFINITIONS}

    host = start_host(incomplete)

    assert host.functions == FUNCTIONS
    wait_until(lambda: "The configuration cannot be used" in host.log, "a call has failed")
    first_error = host.log.partition("The configuration cannot be used")[2].partition(" failed\n")[0]
    assert [name for name in IN_DEFINITIONS if name not in first_error] == []
    assert house.open_runs() == house.ended_runs() == []


def test_a_local_host_names_every_setting_that_a_binding_lacks(settings: dict[str, str], start_host: StartHost) -> None:
    lacking = settings | dict.fromkeys(IN_BINDINGS, "")

    with pytest.raises(TriggerHostError) as raised:
        start_host(lacking)

    assert [name for name in IN_BINDINGS if f"'{name}'" not in str(raised.value)] == []


def test_an_upload_that_event_grid_tells_of_becomes_the_live_model(
    house: House, settings: dict[str, str], start_host: StartHost
) -> None:
    host = start_host(settings | {"BLOB_TRIGGER_SOURCE": "EventGrid"})
    subscription = EventSubscription(host.url, "start_retraining", host.blobs_extension_key)
    subscription.validate()

    house.upload()
    version = house.app.app.blobs.version(house.containers.examples, EXAMPLE)
    assert version
    subscription.deliver([BlobCreated(version, house.storage.url)])
    run = _ended(house)

    assert run.status is RunStatus.SUCCEEDED
    assert run.blob == version
    assert "polling" not in host.log.partition("Ready.")[0]


def _ended(house: House) -> Run:
    return wait_until(house.ended_documents, "a run has ended")[0]
