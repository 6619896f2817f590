"""A journal that can be read."""

from dataclasses import dataclass, field

from functions.retraining.workflows.app import Level


@dataclass(frozen=True)
class Line:
    """One journal line."""

    name: str
    level: Level
    facts: dict[str, object]


@dataclass
class KeptJournal:
    """Keeps the promises of `workflows.app.Journal`, and its lines."""

    lines: list[Line] = field(default_factory=list)

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        """One line."""
        self.lines.append(Line(name, level, facts))

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        """One line for an error nobody expected."""
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
