"""The functions that the app indexes, and whether the settings let the host bind their triggers."""

import re
from collections.abc import Iterator, Mapping

from functions.retraining.core.definitions import IdentityAccess

from .app_index import IndexedFunction
from .connections import connection_of
from .finding import Area, Finding

BINDINGS = Area("bindings")
EVENT_GRID = "EventGrid"
RUNTIME = "FUNCTIONS_WORKER_RUNTIME"

_SETTING = re.compile(r"%([^%]+)%")


def examine_bindings(
    functions: tuple[IndexedFunction, ...], values: Mapping[str, str], references: frozenset[str]
) -> Iterator[Finding]:
    """Each function: its trigger, the settings that it names, its connection."""
    for function in functions:
        troubles = [*_unset(function, values, references), *_connection(function, values, references)]
        yield from troubles
        if not troubles:
            yield BINDINGS.ok(function.name, _described(function, values))
        if values.get(f"AzureWebJobs.{function.name}.Disabled", "").lower() in {"true", "1"}:
            setting = f"AzureWebJobs.{function.name}.Disabled"
            yield BINDINGS.notice(function.name, f"is switched off by the setting {setting}", f"remove {setting}")
    yield from _source(functions, values)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every `%SETTING%` replaced that has a value."""
    return _SETTING.sub(lambda match: values.get(match[1]) or match[0], text)


def _described(function: IndexedFunction, values: Mapping[str, str]) -> str:
    trigger = function.trigger
    what = trigger.get("path") or trigger.get("schedule") or trigger.get("queueName") or trigger.get("route") or ""
    source = f", {trigger['source']}" if trigger.get("source") else ""
    return f"{trigger.get('type', 'no trigger')} {filled(str(what), values)}{source}".strip()


def _unset(function: IndexedFunction, values: Mapping[str, str], references: frozenset[str]) -> Iterator[Finding]:
    texts = [value for binding in function.bindings for value in binding.values() if isinstance(value, str)]
    named = {name for text in texts for name in _SETTING.findall(text)}
    for name in sorted(named):
        if not values.get(name) and name not in references:
            found = f"its trigger names the setting {name}, which is not set: the host cannot start this function"
            yield BINDINGS.problem(function.name, found, f"set {name}")


def _connection(function: IndexedFunction, values: Mapping[str, str], references: frozenset[str]) -> Iterator[Finding]:
    trigger = function.trigger
    name = str(trigger.get("connection") or "")
    if not name or name in references:
        return
    connection = connection_of(values, name)
    if connection is None:
        found = f"no setting gives its connection {name}: the host cannot start this function"
        yield BINDINGS.problem(function.name, found, f"set {name}, or {name}__blobServiceUri to open it by identity")
    elif isinstance(connection.access, IdentityAccess) and not connection.queues:
        found = f"its connection {name} is opened by identity and names no queue service, which the blob trigger needs"
        yield BINDINGS.problem(function.name, found, f"set {name}__queueServiceUri to the account's queue address")


def _source(functions: tuple[IndexedFunction, ...], values: Mapping[str, str]) -> Iterator[Finding]:
    polling = [each.name for each in functions if each.trigger.get("source", EVENT_GRID) != EVENT_GRID]
    if polling and RUNTIME not in values:
        yield BINDINGS.notice(
            ", ".join(polling),
            "look for blobs by polling; on Flex Consumption that never fires (and only there is "
            f"{RUNTIME} not among the settings)",
            "on Flex Consumption set BLOB_TRIGGER_SOURCE to EventGrid and make the event subscriptions",
        )
