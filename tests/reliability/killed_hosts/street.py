"""Azurite, a studio, pipelines side by side, and the settings of the host that is going to be killed."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from azure.storage.blob import BlobServiceClient

from devstack.azurite import ACCOUNT_KEY, Azurite
from devstack.local_settings import app_settings
from devstack.places import ROOT
from devstack.studio import Hold, Pace
from devstack.trigger_host.process import TriggerHost
from devstack.uploading import make_containers
from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import run_id
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.load.pipelines import EXAMPLES, MODELS, Wanted, example_name, pipeline_name, write_definitions
from tests.reliability.load.quick_studio import QuickStudio, quick_studio

STATE = "retraining"
LEASE_SECONDS = 2
"""RUN_LEASE_SECONDS: what a run costs whose host dies in the middle of a call; 180 if it is not set."""

REDELIVERY_SECONDS = 1
"""How long a blob's message stays hidden after its host died; the real host's are 600."""

JOB = Pace(running=Hold(seconds=0.3))
OLDEST_FIRST = {"executionPriorityOrder": "OldestFirst"}


@dataclass(frozen=True)
class Uploaded:
    """One version of an example, and the run that it must begin."""

    pipeline: str
    version: BlobVersion

    @property
    def run(self) -> str:
        """The run's id."""
        return run_id(self.pipeline, self.version)


@dataclass
class Street:
    """The stack without its host. `uploaded` is what was put there so far."""

    folder: Path
    azurite: Azurite
    studio: QuickStudio
    storage: BlobServiceClient
    pipelines: list[str]
    uploaded: list[Uploaded] = field(default_factory=list)

    @property
    def runs(self) -> StorageRunStore:
        """The same state as the host's app has."""
        return StorageRunStore(Documents(self.storage, STATE))

    def upload(self, number: int) -> None:
        """Put the n-th example where one of the pipelines looks for it; they take turns."""
        pipeline = self.pipelines[number % len(self.pipelines)]
        name, content = example_name(pipeline, number), b"a,b\n1,2\n"
        put = self.storage.get_blob_client(EXAMPLES, name).upload_blob(content)
        etag, modified = put["etag"].strip('"'), put["last_modified"]
        version = BlobVersion(container=EXAMPLES, name=name, etag=etag, last_modified=modified, size=len(content))
        self.uploaded.append(Uploaded(pipeline, version))

    def start_host(self) -> TriggerHost:
        """Another process with the same settings: it returns when the host is ready."""
        return TriggerHost.start(
            ROOT, self._settings(), self.folder / "host", message_invisible_seconds=REDELIVERY_SECONDS
        )

    def ended(self) -> set[str]:
        """The ids of all runs that have a lasting document."""
        runs = self.runs
        return {run for pipeline in self.pipelines for run in runs.ended_ids(pipeline)}

    def keep_artefacts(self) -> None:
        """Leave the host's log and the state documents for the search for secrets."""
        log = self.folder / "host" / "trigger_host.log"
        ARTEFACTS.keep("killed hosts: the host's log", log.read_text("utf-8", "replace"))
        container = self.storage.get_container_client(STATE)
        for name in container.list_blob_names():
            ARTEFACTS.keep(f"killed hosts: document {name}", container.download_blob(name).readall().decode())
        keys = json.loads((self.studio.studio.folder / "keys.json").read_text("utf-8"))
        ARTEFACTS.must_not_hold(*keys.values(), ACCOUNT_KEY)

    def _settings(self) -> dict[str, str]:
        return app_settings(self.azurite.connection_string, self.studio.studio) | {
            "ADF_FOLDER": str(self.folder / "adf"),
            "AzureFunctionsWebHost__hostid": "killed-hosts",
            "POLL_SCHEDULE": "* * * * * *",
            "SWEEP_SCHEDULE": "*/10 * * * * *",
            "RUN_LEASE_SECONDS": str(LEASE_SECONDS),
        }


@contextmanager
def street(pipelines: int) -> Iterator[Street]:
    """Build it, and take it down afterwards; no host runs yet."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="relearner-killed-")))
        azurite = ends.enter_context(Azurite.start(folder / "azurite"))
        studio = ends.enter_context(quick_studio(folder / "studio"))
        studio.studio.set_pace(JOB)
        endpoints = studio.scoring_endpoints([pipeline_name(number) for number in range(pipelines)])
        write_definitions(folder, Wanted(pipelines, policy=OLDEST_FIRST), endpoints)
        make_containers(azurite.connection_string, (EXAMPLES, MODELS))
        storage = ends.enter_context(BlobServiceClient.from_connection_string(azurite.connection_string))
        yield Street(folder, azurite, studio, storage, list(endpoints))
