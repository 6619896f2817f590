"""The whole app against real storage and a real studio, called as its doors call it."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient

from benchmarks.storage_requests import CountedStorage
from devstack.azurite import ACCOUNT_KEY, Azurite
from devstack.examples import held_out_sample, poor_sample
from devstack.local_settings import app_settings
from devstack.studio import BlobReference, Studio
from devstack.studio_calls import StudioCalls
from functions.retraining import settings as app_settings_of
from functions.retraining.bootstrap import Relearner, build
from functions.retraining.clock import SystemClock
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slot import Slot
from tests.e2e.definitions import Containers, Definitions
from tests.support.waiting import wait_until

PIPELINE = "pipeline"
EXAMPLE = "labeledexamples.arff"
POOR = poor_sample().to_arff()


@dataclass
class ShiftedClock:
    """The system's clock, put forward: backoffs and timeouts pass without waiting for them."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass(repr=False)
class House:
    """One app with containers of its own."""

    app: Relearner
    containers: Containers
    studio: Studio
    storage: BlobServiceClient
    counted: CountedStorage
    clock: ShiftedClock
    settings: dict[str, str]
    folder: Path
    log: pytest.LogCaptureFixture

    def restart(self) -> None:
        """Another process: the same settings, definitions and storage, nothing remembered."""
        self.app = make_app(self.settings, self.folder, self.counted, self.clock)

    def upload(self, name: str = EXAMPLE, content: str | bytes = POOR) -> None:
        self.storage.get_blob_client(self.containers.examples, name).upload_blob(content, overwrite=True)

    def delete(self, name: str = EXAMPLE) -> None:
        self.storage.get_blob_client(self.containers.examples, name).delete_blob()

    def put_model(self, content: bytes, name: str = "model.ilearner") -> None:
        self.storage.get_blob_client(self.containers.models, name).upload_blob(content, overwrite=True)

    def arrives(self, name: str = EXAMPLE) -> Run:
        """What the blob trigger does; the run as the door left it."""
        (run,) = self.app.start_retraining(self.containers.examples, name)
        return run

    def model_arrives(self, name: str = "model.ilearner") -> None:
        self.app.update_scoring(self.containers.models, name)

    def begun(self, name: str = EXAMPLE, content: str | bytes = POOR) -> Run:
        self.upload(name, content)
        return self.arrives(name)

    def jobs_end(self) -> None:
        """Wait until no job runs, so that the next tick sees its end."""
        wait_until(lambda: "Running" not in self.job_statuses(), "no job runs any more", every=0.005)

    def job_statuses(self) -> list[str]:
        """Every job's, oldest first; asked in this process, because it is asked often."""
        return [job.status.text for job in self.studio._cloud.jobs.all()]

    def live_model(self) -> str:
        """What the scoring web service's updatable endpoint points to: container/name, or empty."""
        return self._live_at("endpoint2")

    def live_arm_model(self) -> str:
        """What the web service of the Resource Manager kind points to: container/name, or empty."""
        return self._live_at("ScoringExpForADFML")

    def _live_at(self, endpoint: str) -> str:
        return next(str(each["relative_location"]) for each in self.studio.models() if each["endpoint"] == endpoint)

    def tick(self) -> None:
        self.app.poll_runs()

    def run(self, run: Run) -> Run:
        """The run as storage has it now."""
        stored = self.app.app.runs.load(run.id)
        found = stored.run if stored else self.app.app.runs.ended(run.pipeline, run.id)
        assert found, f"run {run.id} is gone"
        return found

    def ended(self, run: Run, within: timedelta = timedelta(minutes=20)) -> Run:
        """Tick until the run has ended; whatever it waits for is made to come by putting the clock forward."""
        end = self.clock.now() + within
        while not (now := self.run(run)).status.ended:
            assert self.clock.now() < end, f"not ended within {within}: {now.status}, {now.waits_for}"
            self.jobs_end()
            self.clock.ahead += max(now.next_check_at - self.clock.now(), timedelta(seconds=1))
            self.tick()
        return now

    def retrained(self, name: str = EXAMPLE, content: str | bytes = POOR) -> Run:
        """Upload, and let the run come to its end, which must be a live model."""
        run = self.ended(self.begun(name, content))
        assert run.status is RunStatus.SUCCEEDED, run.failure
        assert run.model
        assert self.live_model() == run.model.path
        return run

    def slot(self) -> Slot:
        return self.app.app.runs.slot(PIPELINE).slot

    def open_runs(self) -> list[str]:
        return [entry.id for entry in self.app.app.runs.open_runs()]

    def ended_runs(self) -> list[str]:
        return list(self.app.app.runs.ended_ids(PIPELINE))

    def routes(self) -> Counter[str]:
        """How often each of the services' operations was called."""
        return Counter(seen.route for seen in self.studio.requests)

    def ended_documents(self) -> list[Run]:
        runs = (self.app.app.runs.ended(PIPELINE, run_id) for run_id in self.ended_runs())
        return [run for run in runs if run]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The journal's lines of one name."""
        lines = [record.getMessage() for record in self.log.records if record.name == "relearner"]
        return [line for line in map(json.loads, lines) if line["event"] == name]

    def model_bytes(self, run: Run) -> bytes:
        assert run.model
        return self.storage.get_blob_client(run.model.container, run.model.name).download_blob().readall()

    def published_model(self) -> bytes:
        """A model that no run of the app made; it is live in the studio, too."""
        place = BlobReference(
            f"{self.containers.archive}/first.ilearner", connection_string=self.settings["TrainingStorage"]
        )
        self.studio.publish(POOR, place)
        return self.storage.get_blob_client(place.container, place.name).download_blob().readall()

    def accuracy(self) -> float:
        return StudioCalls.of(self.settings).accuracy(held_out_sample())

    def state(self) -> dict[str, str]:
        """Every document, with its metadata, by its name."""
        container = self.storage.get_container_client(self.containers.state)
        return {
            blob.name: f"{blob.metadata}\n{container.download_blob(blob.name).readall().decode()}"
            for blob in container.list_blobs(include=["metadata"])
        }

    def secrets(self) -> list[str]:
        keys = json.loads((self.studio.folder / "keys.json").read_text("utf-8"))
        return [*keys.values(), ACCOUNT_KEY]


def settings_for(azurite: Azurite, studio: Studio, containers: Containers) -> dict[str, str]:
    """The sample's app settings for this stack and these containers."""
    principal = {
        "SCORING_SERVICE_PRINCIPAL_ID": studio.service_principal_id,
        "SCORING_SERVICE_PRINCIPAL_KEY": studio.service_principal_key,
    }
    return app_settings(azurite.connection_string, studio) | containers.settings | principal


def make_app(values: dict[str, str], root: Path, counted: CountedStorage, clock: ShiftedClock) -> Relearner:
    """The app as `bootstrap.build` makes it, its storage requests counted, its clock movable."""
    parts = counted.parts_of_app(app_settings_of.read(values, []))
    return build(values, root, clock=clock, **parts)


def written(folder: Path, definitions: Definitions, containers: Containers) -> Path:
    """The definitions in a folder of their own, as `build` reads them."""
    definitions.write(folder, containers)
    return folder
