"""The journal as log lines: one JSON object each, because the host's logging loses everything but the message.

docs/events.md lists the events and their facts; every line has `event`, `run` where there is one, never a secret.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import Any

import msgspec

from .core.redact import redacted
from .workflows.app import Level

LOGGER = logging.getLogger("relearner")

LONGEST_LINE = 30_000
"""Characters. Application Insights cuts a message at 32,768, and half a line is no JSON that an alert could read."""

_LONGEST_TEXTS = (8_000, 800, 80)
_LONGEST_LIST = 50


class LogJournal:
    """Keeps the promises of `workflows.app.Journal`."""

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        """One line of JSON."""
        LOGGER.log(level, "%s", line(name, facts))

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        """One line of JSON, the traceback in it: as `exc_info` it would be logged with every secret it quotes."""
        trace = "".join(traceback.format_exception(error))
        LOGGER.error("%s", line(name, {**facts, "defect": repr(error), "traceback": trace}))


def line(name: str, facts: Mapping[str, object]) -> str:
    """One line of JSON, without secrets; long texts are cut in their middle, only as far as the line asks for it."""
    plain = _redacted(msgspec.to_builtins({"event": name, **facts}, str_keys=True, enc_hook=str))
    lines = (msgspec.json.encode(_cut(plain, longest)).decode() for longest in _LONGEST_TEXTS)
    shortest = msgspec.json.encode({"event": _cut(name, 80), "cut": True}).decode()
    return next((line for line in lines if len(line) <= LONGEST_LINE), shortest)


def _cut(fact: Any, longest: int) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Texts of at most `longest` characters, beginning and end kept; of a list its first entries."""
    match fact:
        case str() if len(fact) > longest:
            return f"{fact[: longest // 2]} ... {fact[-longest // 2 :]}"
        case list():
            return [_cut(each, longest) for each in fact[:_LONGEST_LIST]]
        case dict():
            return {_cut(key, longest): _cut(value, longest) for key, value in fact.items()}
        case _:
            return fact


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
