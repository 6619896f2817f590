"""A journal that can be asked what was said, and that keeps the very lines that the app would log."""

from typing import Any

import msgspec

from functions.retraining.journal import line
from functions.retraining.workflows.app import Level


class HeardJournal:
    """Keeps the promises of `workflows.app.Journal`: each line is the app's own, redaction and all."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        """One line."""
        self._lines.append(line(name, {**facts, "level": level.name}))

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        """One line for an error nobody expected."""
        self._lines.append(line(name, {**facts, "defect": repr(error)}))

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._lines)

    def named(self, name: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [said for said in self._said() if said["event"] == name]

    def defects(self) -> list[dict[str, Any]]:
        """Errors nobody expected."""
        return [said for said in self._said() if "defect" in said]

    def _said(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(each) for each in list(self._lines)]
