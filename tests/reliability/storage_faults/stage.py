"""The stack that storage's troubles are played on; for each play an app with pipelines and containers of its own."""

import itertools
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from azure.storage.blob import BlobServiceClient

from devstack.azurite import ACCOUNT_KEY, Azurite
from devstack.local_settings import app_settings
from devstack.uploading import make_containers
from functions.retraining.bootstrap import Relearner, build
from functions.retraining.clock import SystemClock
from functions.retraining.core.run import Run
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.load.pipelines import EXAMPLES, MODELS, Wanted, example_name, write_definitions
from tests.reliability.load.quick_studio import QuickStudio, quick_studio
from tests.reliability.storage_faults.heard import HeardJournal

OLDEST_FIRST = {"executionPriorityOrder": "OldestFirst"}


@dataclass
class ShiftedClock:
    """The system's clock, put forward: backoffs and leases pass without waiting for them."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """UTC, aware."""
        return SystemClock().now() + self.ahead


@dataclass
class Play:
    """One app: `state` is its container of documents, `storage` a way to Azurite without trouble."""

    app: Relearner
    studio: QuickStudio
    storage: BlobServiceClient
    pipelines: list[str]
    state: str
    clock: ShiftedClock
    journal: HeardJournal

    @property
    def runs(self) -> StorageRunStore:
        """The same state as the app has, read without trouble."""
        return StorageRunStore(Documents(self.storage, self.state))

    def upload(self, pipeline: str, number: int = 1) -> str:
        """Put an example where the pipeline looks for it; its name."""
        name = example_name(pipeline, number)
        self.storage.get_blob_client(EXAMPLES, name).upload_blob(b"a,b\n1,2\n", overwrite=True)
        return name

    def ended(self, pipeline: str) -> list[Run]:
        """The pipeline's lasting documents, by id."""
        found = (self.runs.ended(pipeline, run) for run in sorted(self.runs.ended_ids(pipeline)))
        return [run for run in found if run]

    def trainings(self, pipeline: str) -> list[int]:
        """How often each of the pipeline's examples was trained on."""
        return [times for path, times in self.studio.trainings().items() if path.startswith(f"{EXAMPLES}/{pipeline}/")]

    def documents(self) -> dict[str, bytes]:
        """Every state document's content by its name."""
        container = self.storage.get_container_client(self.state)
        return {name: container.download_blob(name).readall() for name in container.list_blob_names()}

    def keep_artefacts(self) -> None:
        """Leave documents and journal for the search for secrets."""
        for name, content in self.documents().items():
            ARTEFACTS.keep(f"storage faults, {self.state}: document {name}", content.decode("utf-8", "replace"))
        ARTEFACTS.keep(f"storage faults, {self.state}: the journal", self.journal.text)


@dataclass
class Stage:
    """Azurite and a studio, which all plays share."""

    folder: Path
    azurite: Azurite
    studio: QuickStudio
    storage: BlobServiceClient
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def play(self, pipelines: int = 1, connection_string: str = "") -> Play:
        """Another app; `connection_string` leads its way to storage through a proxy."""
        number = next(self._numbers)
        names = [f"play{number:03}-{each}" for each in range(pipelines)]
        folder, state = self.folder / f"play{number}", f"state-{number}"
        wanted = Wanted(pipelines, policy=OLDEST_FIRST)
        write_definitions(folder, wanted, self.studio.scoring_endpoints(names))
        values = app_settings(connection_string or self.azurite.connection_string, self.studio.studio)
        values |= {"RETRAINING_STATE_CONTAINER": state, "MODEL_ARCHIVE_CONTAINER": f"archive-{number}"}
        make_containers(self.azurite.connection_string, (state, f"archive-{number}"))
        clock, journal = ShiftedClock(), HeardJournal()
        app = build(values, folder, clock=clock, journal=journal)
        return Play(app, self.studio, self.storage, names, state, clock, journal)


@contextmanager
def stage() -> Iterator[Stage]:
    """Set it up, and take it down afterwards."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="relearner-storage-")))
        azurite = ends.enter_context(Azurite.start(folder / "azurite"))
        studio = ends.enter_context(quick_studio(folder / "studio"))
        ends.enter_context(_trusted(studio))
        make_containers(azurite.connection_string, (EXAMPLES, MODELS))
        storage = ends.enter_context(BlobServiceClient.from_connection_string(azurite.connection_string))
        keys = json.loads((studio.studio.folder / "keys.json").read_text("utf-8"))
        ARTEFACTS.must_not_hold(*keys.values(), ACCOUNT_KEY)
        yield Stage(folder, azurite, studio, storage)


@contextmanager
def _trusted(studio: QuickStudio) -> Iterator[None]:
    """The apps of this process trust the studio's certificate."""
    name = "REQUESTS_CA_BUNDLE"
    before = os.environ.get(name)
    os.environ[name] = str(studio.studio.ca_bundle)
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
