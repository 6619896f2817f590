"""The app on real sockets for the suites of events: Azurite, the studio, the trigger host with the real worker."""

import base64
import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import requests
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from benchmarks.storage_requests import CountedStorage
from devstack.azurite import ACCOUNT_KEY
from devstack.event_grid import EventSubscription
from devstack.examples import poor_sample
from devstack.places import ROOT
from devstack.stack import Stack
from devstack.trigger_host.process import TriggerHost
from functions.retraining import settings
from functions.retraining.bootstrap import build
from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import Run, RunStatus, run_id
from functions.retraining.workflows.app import App
from tests.e2e.definitions import Containers, Definitions
from tests.reliability.artefacts import ARTEFACTS
from tests.support.waiting import wait_until

PIPELINE = "pipeline"
CONTENT = poor_sample().to_csv().encode()
NO_CHANGES: Mapping[str, str] = {}
PATIENCE = 240.0
"""Seconds until everything must have ended, on a machine that does other things too."""


class EventsStack:
    """One stack with containers of its own. Every blob in the examples' container is a labeled example."""

    def __init__(self, stack: Stack, folder: Path, stops: ExitStack) -> None:
        self.containers = Containers.of(uuid.uuid4().hex[:12])
        Definitions(example=None).write(folder, self.containers)
        self._stack = stack
        self._folder = folder
        self._stops = stops
        self.settings: dict[str, str] = stack.settings | self.containers.settings
        self.settings |= {"ADF_FOLDER": str(folder / "adf"), "AzureFunctionsWebHost__hostid": self.containers.state}
        self.settings |= {"POLL_SCHEDULE": "* * * * * *", "SWEEP_SCHEDULE": "0 0 0 1 1 *", "RUN_LEASE_SECONDS": "5"}
        self.blobs = stops.enter_context(BlobServiceClient.from_connection_string(stack.azurite.connection_string))
        queues = stops.enter_context(QueueServiceClient.from_connection_string(stack.azurite.connection_string))
        self.poison = queues.get_queue_client("webjobs-blobtrigger-poison")
        for name in self.containers.settings.values():
            self.blobs.create_container(name)
        counted = stops.enter_context(CountedStorage(stack.azurite.connection_string))
        self._app: App = build(self.settings, **counted.parts_of_app(settings.read(self.settings, []))).app

    def start_host(self, changes: Mapping[str, str] = NO_CHANGES, without: tuple[str, ...] = ()) -> TriggerHost:
        """The app's host; `without` are settings that somebody forgot. A message's try comes again after 2 seconds."""
        kept = {name: value for name, value in self.settings.items() if name not in without}
        host = TriggerHost.start(ROOT, kept | dict(changes), self._folder / "host", message_invisible_seconds=2)
        self._stops.callback(host.stop)
        return host

    def subscription(self, host: TriggerHost, function: str = "start_retraining") -> EventSubscription:
        """What Event Grid would deliver to this function by."""
        return EventSubscription(host.url, function, host.blobs_extension_key)

    def sweep(self, host: TriggerHost) -> None:
        """Let the sweep's timer fire now."""
        address = f"{host.url}/admin/functions/sweep_examples"
        requests.post(address, headers={"x-functions-key": host.master_key}, timeout=30).raise_for_status()

    def upload(self, name: str, content: bytes = CONTENT) -> BlobVersion:
        """An example, over whatever was there."""
        self.blobs.get_blob_client(self.containers.examples, name).upload_blob(content, overwrite=True)
        version = self._app.blobs.version(self.containers.examples, name)
        assert version, f"{name} is gone"
        return version

    def delete(self, name: str) -> None:
        """Remove an example."""
        self.blobs.get_blob_client(self.containers.examples, name).delete_blob()

    def touch(self, name: str) -> None:
        """Write metadata: another ETag, so another version, as far as anybody can tell."""
        self.blobs.get_blob_client(self.containers.examples, name).set_blob_metadata({"touched": "yes"})

    def write_receipt(self, version: BlobVersion) -> None:
        """Make the scan believe that this version was handled, as a host with a defect would."""
        path = f'blobreceipts/{self.containers.state}/Host.Functions.start_retraining/"{version.etag}"/{version.path}'
        self.blobs.get_blob_client("azure-webjobs-hosts", path).upload_blob(b"")

    def existing(self) -> list[BlobVersion]:
        """The examples as they lie there now, oldest first."""
        return sorted(self._app.blobs.under(self.containers.examples, ""), key=lambda version: version.last_modified)

    def ended_run(self, version: BlobVersion) -> Run | None:
        """The lasting document of this version's run."""
        return self._app.runs.ended(PIPELINE, run_id(PIPELINE, version))

    def await_end_of(self, versions: list[BlobVersion]) -> None:
        """Wait until each has a run that ended, and none is open."""
        wait_until(lambda: all(map(self.ended_run, versions)), "every run has ended", seconds=PATIENCE, every=0.1)
        wait_until(lambda: not self.open_runs(), "no run is open", seconds=PATIENCE, every=0.1)

    def open_runs(self) -> list[str]:
        """The runs that have not ended."""
        return [entry.id for entry in self._app.runs.open_runs()]

    def runs(self) -> list[Run]:
        """Every lasting document."""
        found = (self._app.runs.ended(PIPELINE, each) for each in self._app.runs.ended_ids(PIPELINE))
        return [run for run in found if run]

    def troubles(self) -> Iterator[str]:
        """What did not hold, now that all is over: each version trained once or superseded by rule, the newest live."""
        started = Counter(job.id for job in self._stack.studio._cloud.jobs.all() if job.was_started)
        of_runs = Counter(run.job.id for run in self.runs() if run.job)
        if started != of_runs:
            yield f"{len(started)} jobs were started, {len(of_runs)} belong to runs"
        existing = self.existing()
        for version in existing:
            run = self.ended_run(version)
            if run is None or run.status not in (RunStatus.SUCCEEDED, RunStatus.SUPERSEDED) or run.attempt > 1:
                yield f"{version.path}: {run and (run.status, run.attempt, run.failure)}"
        live = [run.blob for run in self.runs() if run.model and run.model.path == self.live_model()]
        if not live or live[0].last_modified < existing[-1].last_modified:
            yield f"live is the model of {live}; the newest example is {existing[-1]}"

    def live_model(self) -> str:
        """What the scoring web service serves: container/name."""
        models = self._stack.studio.models()
        return next(str(each["relative_location"]) for each in models if each["endpoint"] == "endpoint2")

    def poisoned(self) -> int:
        """Messages in the poison queue, hidden ones included; none if there is no such queue."""
        try:
            return int(self.poison.get_queue_properties().approximate_message_count or 0)
        except ResourceNotFoundError:
            return 0

    def poison_message(self, body: bytes) -> None:
        """Put a message into the poison queue, as the host encodes it; the queue is made if need be."""
        with suppress(ResourceExistsError):
            self.poison.create_queue()
        self.poison.send_message(base64.b64encode(body).decode("ascii"))

    def keep(self, name: str, host: TriggerHost) -> None:
        """Leave state and log to the search for secrets."""
        container = self.blobs.get_container_client(self.containers.state)
        for blob in container.list_blobs(include=["metadata"]):
            text = container.download_blob(blob.name).readall().decode()
            ARTEFACTS.keep(f"{name}: document {blob.name}", f"{blob.metadata}\n{text}")
        ARTEFACTS.keep(f"{name}: the host's log", host.log)
        keys: dict[str, str] = json.loads((self._stack.studio.folder / "keys.json").read_text("utf-8"))
        ARTEFACTS.must_not_hold(ACCOUNT_KEY, host.blobs_extension_key, host.master_key, *keys.values())


@contextmanager
def events_stack() -> Iterator[EventsStack]:
    """A stack in a folder that is thrown away; its containers and queues are its own, because its storage is."""
    with ExitStack() as stops:
        folder = Path(stops.enter_context(tempfile.TemporaryDirectory()))
        yield EventsStack(stops.enter_context(Stack.start(folder / "stack")), folder, stops)
