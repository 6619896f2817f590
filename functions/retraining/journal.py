"""The journal as log lines: one JSON object each, because the host's logging loses everything but the message.

docs/events.md lists the events and their facts; every line has `event`, `run` where there is one, never a secret.
"""

import logging

import msgspec

from .core.redact import redacted
from .workflows.app import Level

LOGGER = logging.getLogger("relearner")


class LogJournal:
    """Keeps the promises of `workflows.app.Journal`."""

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        """One line of JSON."""
        LOGGER.log(level, "%s", _line(name, facts))

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        """One line of JSON, followed by the traceback."""
        LOGGER.error("%s", _line(name, {**facts, "defect": repr(error)}), exc_info=error)


def _line(name: str, facts: dict[str, object]) -> str:
    return redacted(msgspec.json.encode({"event": name, **facts}, enc_hook=str).decode())
