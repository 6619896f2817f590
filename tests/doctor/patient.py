"""An app as it would be deployed: its settings in a file as the Azure CLI prints them, its containers in Azurite."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient

from devstack.azurite import ACCOUNT_KEY
from devstack.studio import Studio
from functions.retraining.check import main
from tests.e2e.definitions import Containers

type Finding = dict[str, str]


@dataclass
class Examined:
    """What one examination said."""

    code: int
    text: str
    findings: list[Finding] = field(default_factory=list)

    def of(self, area: str, subject: str = "") -> list[Finding]:
        """The findings of an area, about subjects in which these letters are."""
        return [each for each in self.findings if each["area"] == area and subject in each["subject"]]

    @property
    def problems(self) -> list[Finding]:
        return [each for each in self.findings if each["outcome"] == "problem"]

    def the_problem(self) -> Finding:
        """The only one."""
        assert len(self.problems) == 1, self.problems
        return self.problems[0]


@dataclass
class Patient:
    """One app with containers of its own; its settings can be changed before it is examined."""

    settings: dict[str, str]
    containers: Containers
    folder: Path
    storage: BlobServiceClient
    studio: Studio
    capture: pytest.CaptureFixture[str]

    @property
    def definitions(self) -> Path:
        return self.folder / "adf"

    def examined(self, *more: str, environment: Mapping[str, str] | None = None) -> Examined:
        """`check --deployed --json` with the settings in a file; nothing secret may be in what it prints."""
        code, text = self._printed("--json", *more, environment=environment)
        return Examined(code, text, json.loads(text)["findings"])

    def told(self, *more: str) -> Examined:
        """The same in lines."""
        return Examined(*self._printed(*more))

    def change(self, document: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change a definition."""
        file = self.definitions / document
        read = json.loads(file.read_text("utf-8"))
        change(read)
        file.write_text(json.dumps(read), "utf-8")

    def upload(self, container: str, name: str, content: bytes) -> None:
        self.storage.get_blob_client(container, name).upload_blob(content, overwrite=True)

    def left_behind(self) -> list[str]:
        """What is in the state container."""
        return list(self.storage.get_container_client(self.containers.state).list_blob_names())

    def _printed(self, *more: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        file = self.folder / "settings.json"
        listed = [{"name": name, "value": value, "slotSetting": False} for name, value in self.settings.items()]
        file.write_text(json.dumps(listed), "utf-8")
        arguments = [str(self.definitions), "--deployed", "--settings", str(file), *more]
        self.capture.readouterr()
        code = main(arguments, environment or {})
        text = self.capture.readouterr().out
        secret = {self.settings[name] for name in self.settings if name.endswith("_KEY")} | {ACCOUNT_KEY}
        assert not [each for each in secret if each in text]
        return code, text
