"""The journal as log lines: one JSON object each, because the host's logging loses everything but the message.

docs/events.md lists the events and their facts; every line has `event`, `run` where there is one, never a secret.
"""

import logging
import traceback
from typing import Any

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
        """One line of JSON, the traceback in it: as `exc_info` it would be logged with every secret it quotes."""
        trace = "".join(traceback.format_exception(error))
        LOGGER.error("%s", _line(name, {**facts, "defect": repr(error), "traceback": trace}))


def _line(name: str, facts: dict[str, object]) -> str:
    plain = msgspec.to_builtins({"event": name, **facts}, str_keys=True, enc_hook=str)
    return msgspec.json.encode(_redacted(plain)).decode()


def _redacted(fact: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Text is redacted before it becomes JSON: afterwards, cutting out a secret could cut off a quote's backslash."""
    match fact:
        case str():
            return redacted(fact.encode("utf-8", "replace").decode())  # half a surrogate pair is no UTF-8
        case list() | tuple():
            return [_redacted(each) for each in fact]
        case dict():
            return {_redacted(key): _redacted(value) for key, value in fact.items()}
        case _:
            return fact
