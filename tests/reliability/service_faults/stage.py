"""The stack that the faults are played on: two studios, Azurite, relays; for each play an app of its own."""

import json
import logging
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest
from azure.storage.blob import BlobServiceClient

from benchmarks.storage_requests import CountedStorage
from devstack.azurite import ACCOUNT_KEY, Azurite
from devstack.certificates import issue
from devstack.studio import Studio
from tests.e2e.definitions import Containers, Definitions, arm_linked_service
from tests.e2e.house import House, ShiftedClock, make_app, settings_for, written

from . import beside
from .calls import SCORING, TRAINING, Kind
from .relay import Relay


class KeptLog(logging.Handler):
    """Everything that was logged, as pytest's own fixture keeps it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def text(self) -> str:
        """All messages."""
        return "\n".join(record.getMessage() for record in self.records)


@dataclass(frozen=True)
class Stage:
    """The services, and the ways to those that get into trouble. `well` is the studio of the pipeline beside."""

    azurite: Azurite
    studio: Studio
    well: Studio
    ways: dict[str, Relay]

    @classmethod
    @contextmanager
    def open(cls, azurite: Azurite) -> "Iterator[Stage]":
        """The stage, and the environment that lets clients trust and find it."""
        with ExitStack() as closing:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            studio = closing.enter_context(Studio.start(folder / "studio"))
            well = closing.enter_context(Studio.start(folder / "well"))
            port = urlsplit(studio.url).port or 0
            stranger = issue(folder / "stranger")
            ways = {name: closing.enter_context(Relay(port, stranger)) for name in (TRAINING, SCORING)}
            closing.enter_context(_environment(folder, studio, well, ways[SCORING]))
            yield cls(azurite, studio, well, ways)

    @contextmanager
    def house(self, kind: Kind) -> Iterator[House]:
        """An app of its own, with this kind of scoring web service; every fault is over, every log empty."""
        self.heal()
        self.studio.reset()
        self.well.reset()
        with ExitStack() as closing:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            log = closing.enter_context(kept_log())
            containers = Containers.of(uuid.uuid4().hex[:12])
            storage = closing.enter_context(BlobServiceClient.from_connection_string(self.azurite.connection_string))
            for name in containers.settings.values():
                closing.callback(storage.create_container(name).delete_container)
            counted = closing.enter_context(CountedStorage(self.azurite.connection_string))
            values = self._settings(containers)
            root, clock = written(folder, self._definitions(kind), containers), ShiftedClock()
            app = make_app(values, root, counted, clock)
            kept = cast("pytest.LogCaptureFixture", log)  # it has what a House asks of one
            yield House(app, containers, self.studio, storage, counted, clock, values, root, kept)

    def secrets(self) -> set[str]:
        """What nothing that was written down may hold."""
        files = (studio.folder / "keys.json" for studio in (self.studio, self.well))
        keys = (json.loads(file.read_text("utf-8")).values() for file in files)
        return {ACCOUNT_KEY, *(key for each in keys for key in each)}

    def heal(self) -> None:
        """Every fault is over."""
        self.studio.clear_faults()
        for way in self.ways.values():
            way.heal()

    def _settings(self, containers: Containers) -> dict[str, str]:
        values = settings_for(self.azurite, self.studio, containers) | beside.settings_of(self.well)
        training, scoring = self.ways[TRAINING].url, self.ways[SCORING].url
        return values | {
            "TRAINING_ML_ENDPOINT": self.studio.training_endpoint_url.replace(self.studio.url, training),
            "SCORING_UPDATE_RESOURCE_ENDPOINT": self.studio.update_resource_endpoint.replace(self.studio.url, scoring),
        }

    def _definitions(self, kind: Kind) -> Definitions:
        definitions = Definitions(more=partial(beside.write, self.well))
        if kind is Kind.CLASSIC:
            return definitions
        endpoint = self.studio.arm_update_resource_endpoint.replace(self.studio.url, self.ways[SCORING].url)
        return replace(definitions, scoring=arm_linked_service(self.studio, updateResourceEndpoint=endpoint))


@contextmanager
def _environment(folder: Path, studio: Studio, well: Studio, way: Relay) -> Iterator[None]:
    bundle = folder / "both.pem"
    bundle.write_text(studio.ca_bundle.read_text("utf-8") + well.ca_bundle.read_text("utf-8"), "utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        environment.setenv("AZURE_AUTHORITY_HOST", way.url)
        environment.setenv("AZURE_DISABLE_INSTANCE_DISCOVERY", "true")
        yield


@contextmanager
def kept_log() -> Iterator[KeptLog]:
    """What is logged meanwhile, the journal's lines among it."""
    log, root, relearner = KeptLog(), logging.getLogger(), logging.getLogger("relearner")
    before = relearner.level
    root.addHandler(log)
    relearner.setLevel(logging.INFO)
    try:
        yield log
    finally:
        relearner.setLevel(before)
        root.removeHandler(log)
