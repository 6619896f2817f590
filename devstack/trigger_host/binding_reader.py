"""From the worker's raw bindings to triggers. What this host cannot do is refused here, by name, before anything runs.

The raw bindings are what the worker sends to the real host too; nothing else about the app is looked at.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from devstack.trigger_host.blob_path import parse_blob_path
from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.http_route import parse_route
from devstack.trigger_host.settings import resolve_references
from devstack.trigger_host.storage import check_connection
from devstack.trigger_host.timer_schedule import parse_schedule
from devstack.trigger_host.triggers import BlobTrigger, HttpTrigger, QueueTrigger, TimerTrigger, Trigger
from devstack.trigger_host.worker import IndexedFunction

SUPPORTED = "blob triggers with an SDK-type parameter, queue triggers, timer triggers and HTTP routes"
POLLING_SOURCE = "LogsAndContainerScan"
EVENT_GRID_SOURCE = "EventGrid"
AUTH_LEVELS = frozenset({"anonymous", "function", "admin"})

_QUEUE = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")

_COMMON = frozenset({"direction", "type", "name", "dataType", "properties"})
_KNOWN = {
    "blobTrigger": _COMMON | {"path", "connection", "source"},
    "queueTrigger": _COMMON | {"queueName", "connection"},
    "timerTrigger": _COMMON | {"schedule", "useMonitor", "runOnStartup"},
    "httpTrigger": _COMMON | {"route", "methods", "authLevel"},
}

type _Binding = Mapping[str, Any]


def read_triggers(functions: Iterable[IndexedFunction], settings: Mapping[str, str]) -> list[Trigger]:
    """Return one trigger per function.

    Raises one TriggerHostError that lists every function and binding this host cannot serve.
    """
    triggers: list[Trigger] = []
    faults: list[str] = []
    for function in functions:
        try:
            triggers.append(_read(function, settings))
        except TriggerHostError as fault:
            faults.append(str(fault))
    if faults:
        raise TriggerHostError("The app cannot run on this host:\n" + "\n".join(f"- {fault}" for fault in faults))
    return triggers


def _read(function: IndexedFunction, settings: Mapping[str, str]) -> Trigger:
    binding = _only_trigger(function)
    where = f"function {function.name!r}, {binding['type']} {binding['name']!r}"
    if function.has_retry_policy:
        raise TriggerHostError(f"{where}: a retry policy (@app.retry) is not supported by this host.")
    unknown = sorted(set(binding) - _KNOWN[binding["type"]])
    if unknown:
        raise TriggerHostError(f"{where}: {', '.join(unknown)} is not supported by this host.")
    return _READERS[binding["type"]](function, binding, settings, where)


def _only_trigger(function: IndexedFunction) -> _Binding:
    triggers = [binding for binding in function.bindings if binding["type"] in _KNOWN]
    is_http = any(binding["type"] == "httpTrigger" for binding in triggers)
    for binding in function.bindings:
        is_answer = is_http and binding["type"] == "http" and binding["name"] == "$return"
        if binding["type"] not in _KNOWN and not is_answer:
            raise TriggerHostError(
                f"function {function.name!r}, {binding['type']} {binding['name']!r}: "
                f"this binding is not supported by this host, which only knows {SUPPORTED}."
            )
    if len(triggers) != 1:
        raise TriggerHostError(f"function {function.name!r} has {len(triggers)} triggers; it must have exactly one.")
    return triggers[0]


def _blob(function: IndexedFunction, binding: _Binding, settings: Mapping[str, str], where: str) -> Trigger:
    source = binding.get("source") or POLLING_SOURCE
    if source not in (POLLING_SOURCE, EVENT_GRID_SOURCE):
        raise TriggerHostError(
            f"{where}: the source {source!r} is neither {POLLING_SOURCE!r} (polling) nor {EVENT_GRID_SOURCE!r}."
        )
    if not binding.get("properties", {}).get("SupportsDeferredBinding"):
        raise TriggerHostError(
            f"{where}: the parameter takes the blob's content (InputStream, str or bytes), which this host never "
            "sends. Annotate it with an SDK type such as functions.blob_reference.BlobReference."
        )
    return BlobTrigger(
        **_names(function, binding),
        path=parse_blob_path(_text(binding, "path", "", settings, where), where),
        connection=_connection(binding, settings, where),
        polls=source == POLLING_SOURCE,
    )


def _queue(function: IndexedFunction, binding: _Binding, settings: Mapping[str, str], where: str) -> Trigger:
    # The real host writes queue names in lower case, too: storage knows no others.
    name = _text(binding, "queueName", "", settings, where).lower()
    if not _QUEUE.fullmatch(name):
        raise TriggerHostError(
            f"{where}: {name!r} is no queue name (3 to 63 lower-case letters, digits and single hyphens)."
        )
    return QueueTrigger(**_names(function, binding), queue=name, connection=_connection(binding, settings, where))


def _timer(function: IndexedFunction, binding: _Binding, settings: Mapping[str, str], where: str) -> Trigger:
    now = datetime.now(UTC)
    schedule = parse_schedule(_text(binding, "schedule", "", settings, where), now, where)
    monitored = _flag(binding, "useMonitor", default=True) and not schedule.fires_within_a_minute(now)
    return TimerTrigger(
        **_names(function, binding),
        schedule=schedule,
        use_monitor=monitored,
        run_on_startup=_flag(binding, "runOnStartup", default=False),
    )


def _http(function: IndexedFunction, binding: _Binding, settings: Mapping[str, str], where: str) -> Trigger:
    level = str(binding.get("authLevel") or "function").lower()
    if level not in AUTH_LEVELS:
        raise TriggerHostError(f"{where}: the authLevel {level!r} is not one of {', '.join(sorted(AUTH_LEVELS))}.")
    return HttpTrigger(
        **_names(function, binding),
        route=parse_route(_text(binding, "route", function.name, settings, where), where),
        methods=frozenset(str(method).upper() for method in binding.get("methods") or ()),
        auth_level=level,
    )


def _names(function: IndexedFunction, binding: _Binding) -> dict[str, str]:
    return {
        "function": function.name,
        "function_id": function.function_id,
        "argument": str(binding["name"]),
    }


def _text(binding: _Binding, key: str, default: str, settings: Mapping[str, str], where: str) -> str:
    return resolve_references(str(binding.get(key) or default), settings, f"{where}, {key}")


def _connection(binding: _Binding, settings: Mapping[str, str], where: str) -> str:
    connection = _text(binding, "connection", "", settings, where)
    check_connection(settings, connection, where)
    return connection


def _flag(binding: _Binding, key: str, *, default: bool) -> bool:
    value = binding.get(key)
    return default if value is None else bool(value)


type _Reader = Callable[[IndexedFunction, _Binding, Mapping[str, str], str], Trigger]

_READERS: dict[str, _Reader] = {
    "blobTrigger": _blob,
    "queueTrigger": _queue,
    "timerTrigger": _timer,
    "httpTrigger": _http,
}
