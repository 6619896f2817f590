"""Two apps on one state in real storage, their conflicts counted."""

import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, override

import pytest
from azure.storage.blob import BlobServiceClient

from benchmarks.storage_requests import CountedStorage
from devstack.azurite import Azurite
from devstack.studio import Studio
from functions.retraining.bootstrap import Relearner, build
from functions.retraining.core.errors import Conflict
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.e2e.definitions import Containers, Definitions
from tests.e2e.house import House, ShiftedClock, settings_for, written
from tests.reliability.service_faults.stage import kept_log


class ContestedDocuments(Documents):
    """Counts the writes that found another version, by the document's folder: open, runs, pipelines."""

    def __init__(self, service: BlobServiceClient, container: str, conflicts: Counter[str]) -> None:
        super().__init__(service, container)
        self._conflicts = conflicts

    @override
    def write(self, name: str, content: bytes, etag: str | None, metadata: Mapping[str, str] | None = None) -> str:
        try:
            return super().write(name, content, etag, metadata)
        except Conflict:
            self._conflicts[name.partition("/")[0]] += 1
            raise


@dataclass
class Pair:
    """The first host's house, the second host, and its clock. Of `conflicts` a few may go uncounted, never too many."""

    house: House
    second: Relearner
    second_clock: ShiftedClock
    conflicts: Counter[str] = field(default_factory=Counter)
    errors: list[Exception] = field(default_factory=list)

    @property
    def hosts(self) -> tuple[Relearner, Relearner]:
        """Both apps."""
        return self.house.app, self.second

    def passes(self, time: timedelta, *, skew: timedelta = timedelta(0)) -> None:
        """Let time pass; the second host's clock is `skew` ahead of the first one's."""
        self.house.clock.ahead += time
        self.second_clock.ahead = self.house.clock.ahead + skew

    def at_once(self, *acts: Callable[[], object]) -> None:
        """Do all of these in threads that begin in the same moment; what they raise is kept."""
        barrier = threading.Barrier(len(acts))
        threads = [threading.Thread(target=self._act, args=(barrier, act)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _act(self, barrier: threading.Barrier, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except Exception as error:
            self.errors.append(error)


@contextmanager
def paired(azurite: Azurite, studio: Studio) -> Iterator[Pair]:
    """Two hosts with containers of their own, in which any blob is a labeled example."""
    studio.reset()
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        environment = closing.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("REQUESTS_CA_BUNDLE", str(studio.ca_bundle))
        log = closing.enter_context(kept_log())
        containers = Containers.of(uuid.uuid4().hex[:12])
        storage = closing.enter_context(BlobServiceClient.from_connection_string(azurite.connection_string))
        for name in containers.settings.values():
            closing.callback(storage.create_container(name).delete_container)
        values = settings_for(azurite, studio, containers)
        root = written(folder, Definitions(example=None), containers)
        conflicts: Counter[str] = Counter()
        clocks = ShiftedClock(), ShiftedClock()
        first, second = (_host(values, root, clock, conflicts, closing) for clock in clocks)
        counted = closing.enter_context(CountedStorage(azurite.connection_string))
        kept = cast("pytest.LogCaptureFixture", log)  # it has what a House asks of one
        house = House(first, containers, studio, storage, counted, clocks[0], values, root, kept)
        yield Pair(house, second, clocks[1], conflicts)


def _host(
    values: dict[str, str], root: Path, clock: ShiftedClock, conflicts: Counter[str], closing: ExitStack
) -> Relearner:
    storage = closing.enter_context(BlobServiceClient.from_connection_string(values["TrainingStorage"]))
    documents = ContestedDocuments(storage, values["RETRAINING_STATE_CONTAINER"], conflicts)
    parts: dict[str, Any] = {"runs": StorageRunStore(documents)}
    return build(values, root, clock=clock, **parts)
