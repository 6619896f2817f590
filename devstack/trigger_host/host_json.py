"""What this host honours of host.json: the HTTP route prefix, two limits of the blob trigger, the queue triggers'."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.queue_options import QueueOptions, read_queue_options

ROUTE_PREFIX = "api"
POISON_BLOB_THRESHOLD = 5
# The real host's default is 8 per core; a laptop that also plays the services is better off with few.
MAX_DEGREE_OF_PARALLELISM = 4


@dataclass(frozen=True)
class HostJson:
    """The settings of host.json that this host knows; all others are left alone."""

    route_prefix: str = ROUTE_PREFIX
    poison_blob_threshold: int = POISON_BLOB_THRESHOLD
    max_degree_of_parallelism: int = MAX_DEGREE_OF_PARALLELISM
    queues: QueueOptions = field(default_factory=QueueOptions)


def read_host_json(file: Path) -> HostJson:
    """Read host.json; defaults if it is absent. Raises TriggerHostError naming file and property on a wrong value."""
    document = _document(file)
    http = _section(file, document, "extensions", "http")
    blobs = _section(file, document, "extensions", "blobs")
    return HostJson(
        route_prefix=_text(file, http, "routePrefix", ROUTE_PREFIX).strip("/"),
        poison_blob_threshold=_at_least_one(file, blobs, "poisonBlobThreshold", POISON_BLOB_THRESHOLD),
        max_degree_of_parallelism=_at_least_one(file, blobs, "maxDegreeOfParallelism", MAX_DEGREE_OF_PARALLELISM),
        queues=_queues(file, _section(file, document, "extensions", "queues")),
    )


def _document(file: Path) -> object:
    try:
        return json.loads(file.read_text("utf-8-sig")) if file.exists() else {}
    except ValueError as error:
        raise TriggerHostError(f"{file} is not JSON: {error}.") from error


def _section(file: Path, document: object, *path: str) -> dict[str, Any]:
    section = document
    for key in path:
        section = section.get(key, {}) if isinstance(section, dict) else None
    if not isinstance(section, dict):
        raise TriggerHostError(f"{file}: {'.'.join(path)} must be an object.")
    return section


def _queues(file: Path, section: dict[str, object]) -> QueueOptions:
    try:
        return read_queue_options(section)
    except ValueError as error:
        raise TriggerHostError(f"{file}: extensions.queues: {error}.") from error


def _text(file: Path, section: dict[str, Any], key: str, default: str) -> str:
    value = section.get(key, default)
    if not isinstance(value, str):
        raise TriggerHostError(f"{file}: {key} must be text, not {value!r}.")
    return value


def _at_least_one(file: Path, section: dict[str, Any], key: str, default: int) -> int:
    value = section.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise TriggerHostError(f"{file}: {key} must be a whole number from 1, not {value!r}.")
    return value
