"""A journal that can be read. A line that docs/events.schema.json does not know ends the test."""

import json
from dataclasses import dataclass, field

from functions.retraining.journal import line
from functions.retraining.workflows.app import Level
from tests.support.event_schema import trouble


@dataclass(frozen=True)
class Line:
    """One journal line."""

    name: str
    level: Level
    facts: dict[str, object]


class NotInSchema(BaseException):
    """A line is not what the schema says. No `except Exception` of the app hides it."""


_KNOWN_SHAPES: set[object] = set()
"""Names and types of the lines that were held against the schema before: the searches write millions."""


@dataclass
class KeptJournal:
    """Keeps the promises of `workflows.app.Journal`, and its lines."""

    lines: list[Line] = field(default_factory=list)

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        """One line."""
        _held_against_schema(name, level, facts)
        self.lines.append(Line(name, level, facts))

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        """One line for an error nobody expected."""
        _held_against_schema(name, Level.ERROR, {**facts, "defect": repr(error), "traceback": "here"})
        self.lines.append(Line(f"defect:{name}", Level.ERROR, {**facts, "error": error}))

    def names(self) -> list[str]:
        """What was written down, in order."""
        return [line.name for line in self.lines]

    def defects(self) -> list[Line]:
        """Errors nobody expected; a test that has some has found a defect."""
        return [line for line in self.lines if line.name.startswith("defect:")]

    def named(self, name: str) -> list[Line]:
        """The lines of one event."""
        return [line for line in self.lines if line.name == name]


def _held_against_schema(name: str, level: Level, facts: dict[str, object]) -> None:
    shape = (name, level, tuple((fact, type(value)) for fact, value in facts.items()))
    if shape in _KNOWN_SHAPES:
        return
    wrong = trouble(json.loads(line(name, facts)), level)
    if wrong:
        raise NotInSchema(wrong)
    _KNOWN_SHAPES.add(shape)
