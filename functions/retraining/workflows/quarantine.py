"""A document that cannot be read is left as it is: whoever needs it waits, all others go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from functions.retraining.core.errors import Unreadable

from .app import Journal, Level


def report_unreadable(journal: Journal, error: Unreadable, /, **facts: object) -> None:
    """One `document_unreadable` line: which document, what is wrong with it, and what can be done."""
    said = {"document": error.document, "why": error.problem, "remedy": error.remedy}
    journal.event("document_unreadable", Level.ERROR, **facts, **said)


@contextmanager
def left_for_later(journal: Journal, /, **facts: object) -> Iterator[None]:
    """Report a document that cannot be read, and leave it at that: timer and sweep come back to whatever needs it."""
    try:
        yield
    except Unreadable as error:
        report_unreadable(journal, error, **facts)
