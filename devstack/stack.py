"""The local stack as one thing: Azurite, the studio, and the trigger host if wanted."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack.arm_scoring import arm_settings
from devstack.azurite import Azurite
from devstack.local_settings import app_settings
from devstack.places import ROOT
from devstack.studio import Keys, Studio
from devstack.trigger_host.process import TriggerHost


@dataclass(frozen=True)
class Ports:
    """Where the services listen; 0 means any free port."""

    blob: int = 0
    queue: int = 0
    table: int = 0
    studio: int = 0
    host: int = 0


class Stack:
    """Azurite and the studio, running. A context manager: leaving it stops all of it, the trigger host too.

    `settings` are the app settings for exactly these addresses.
    """

    def __init__(self, folder: Path, azurite: Azurite, studio: Studio, stops: ExitStack) -> None:
        self.folder = folder
        self.azurite = azurite
        self.studio = studio
        self.host: TriggerHost | None = None
        self._stops = stops
        self.settings = app_settings(azurite.connection_string, studio)

    @classmethod
    def start(cls, folder: Path, *, ports: Ports | None = None, keys: Keys | None = None) -> Self:
        """Start storage and services with their state in `folder`. Raises AzuriteError or OSError for a taken port."""
        ports = ports or Ports()
        with ExitStack() as stops:
            azurite = stops.enter_context(
                Azurite.start(folder / "azurite", blob_port=ports.blob, queue_port=ports.queue, table_port=ports.table)
            )
            studio = stops.enter_context(Studio.start(folder / "studio", port=ports.studio, keys=keys))
            return cls(folder, azurite, studio, stops.pop_all())

    def with_arm_scoring(self) -> None:
        """From now on the settings are for a scoring web service of the Resource Manager kind."""
        self.settings |= arm_settings(self.studio, self.folder / "adf")

    def start_host(self, changes: Mapping[str, str] | None = None, *, port: int = 0) -> TriggerHost:
        """Run this repository's function app against the stack; `changes` are other values for its app settings."""
        settings = self.settings | dict(changes or {})
        self.host = self._stops.enter_context(
            TriggerHost.start(ROOT, settings, self.folder / "trigger_host", port=port)
        )
        return self.host

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stops.close()
