"""Everything one measurement needs: Azurite, the quick studio, the definitions, and the app in its own process."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from azure.storage.blob import BlobServiceClient

from devstack.azurite import ACCOUNT_KEY, Azurite
from devstack.local_settings import app_settings
from devstack.uploading import make_containers
from functions.retraining.core.run import Run
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.load.measured import MeasuredApp
from tests.reliability.load.pipelines import EXAMPLES, MODELS, Wanted, pipeline_name, write_definitions
from tests.reliability.load.quick_studio import QuickStudio, quick_studio

STATE = "retraining"
KEPT, EACH = 100, 20
"""How many state documents are kept for the search for secrets at most: each twentieth."""


@dataclass
class Town:
    """One stack and one app. `runs` reads and writes the same state as the app does, uncounted."""

    name: str
    folder: Path
    azurite: Azurite
    studio: QuickStudio
    storage: BlobServiceClient
    wanted: Wanted
    endpoints: Mapping[str, str]
    app: MeasuredApp = field(init=False)

    def __post_init__(self) -> None:
        self.app = self._start_app()

    @property
    def pipelines(self) -> list[str]:
        return list(self.endpoints)

    @property
    def runs(self) -> StorageRunStore:
        return StorageRunStore(Documents(self.storage, STATE))

    def restart_with(self, policy: Mapping[str, Any]) -> None:
        """The app as another process, with this changed in its training's policy."""
        self.app.stop()
        self.wanted = replace(self.wanted, policy={**self.wanted.policy, **policy})
        self.app = self._start_app()

    def upload(self, name: str, content: bytes = b"a,b\n1,2\n") -> None:
        self.storage.get_blob_client(EXAMPLES, name).upload_blob(content, overwrite=True)

    def ended(self) -> list[Run]:
        """The lasting document of every ended run."""
        runs = self.runs
        found = (runs.ended(name, run_id) for name in self.pipelines for run_id in runs.ended_ids(name))
        return [run for run in found if run]

    def keep_artefacts(self) -> None:
        """Leave the log and some of the state documents for the search for secrets."""
        ARTEFACTS.keep(f"{self.name}: the app's log", self.app.log.read_text("utf-8"))
        container = self.storage.get_container_client(STATE)
        names = container.list_blob_names() if container.exists() else ()
        for name in islice(names, 0, KEPT * EACH, EACH):
            ARTEFACTS.keep(f"{self.name}: document {name}", container.download_blob(name).readall().decode())
        keys = json.loads((self.studio.studio.folder / "keys.json").read_text("utf-8"))
        ARTEFACTS.must_not_hold(*keys.values(), ACCOUNT_KEY)

    def _start_app(self) -> MeasuredApp:
        shutil.rmtree(self.folder / "adf", ignore_errors=True)
        write_definitions(self.folder, self.wanted, self.endpoints)
        return MeasuredApp(self.folder, app_settings(self.azurite.connection_string, self.studio.studio))


@contextmanager
def town(name: str, wanted: Wanted) -> Iterator[Town]:
    """Build it, and take it down afterwards."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="relearner-load-")))
        azurite = ends.enter_context(Azurite.start(folder / "azurite"))
        studio = ends.enter_context(quick_studio(folder / "studio"))
        endpoints = studio.scoring_endpoints([pipeline_name(number) for number in range(wanted.count)])
        make_containers(azurite.connection_string, (EXAMPLES, MODELS))
        storage = ends.enter_context(BlobServiceClient.from_connection_string(azurite.connection_string))
        built = Town(name, folder, azurite, studio, storage, wanted, endpoints)
        ends.callback(lambda: built.app.stop())  # noqa: PLW0108 - the app may be another one by then
        yield built
        built.keep_artefacts()
