"""What the doctor says of one thing that it looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How it stands."""

    OK = "ok"
    NOTICE = "notice"
    """Worth knowing; the app runs."""
    PROBLEM = "problem"
    """Something does not work, or will not."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: where, how it stands, what was found, and what to do about it."""

    area: str
    subject: str
    outcome: Outcome
    found: str
    to_do: str = ""


@dataclass(frozen=True)
class Area:
    """Makes the findings of one area."""

    name: str

    def ok(self, subject: str, found: str) -> Finding:
        """It is as it should be."""
        return Finding(self.name, subject, Outcome.OK, found)

    def notice(self, subject: str, found: str, to_do: str = "") -> Finding:
        """It is worth knowing, and stops nothing."""
        return Finding(self.name, subject, Outcome.NOTICE, found, to_do)

    def problem(self, subject: str, found: str, to_do: str) -> Finding:
        """It does not work; `to_do` is what the person on call can do."""
        return Finding(self.name, subject, Outcome.PROBLEM, found, to_do)
