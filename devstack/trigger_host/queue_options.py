"""host.json's `extensions.queues`: how queue triggers read and retry. It does not govern the blob trigger's own queue.

Names, defaults and limits of the storage queue extension's QueuesOptions.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from devstack.trigger_host.queue_reader import MOST_IN_ONE_REQUEST, Batches

DEFAULT_BATCHES = Batches(size=16, new_batch_threshold=8)

LONGEST_VISIBILITY_TIMEOUT = timedelta(days=7)
"""What storage accepts."""

_TIME_SPAN = re.compile(r"(?:(\d{1,3})\.)?(\d{1,2}):([0-5]\d):([0-5]\d)")


@dataclass(frozen=True)
class QueueOptions:
    """The options a queue trigger runs by.

    `visibility_timeout` is the wait after a failed try. `maxPollingInterval` is not among them: this host asks at a
    fixed pace.
    """

    batches: Batches = DEFAULT_BATCHES
    max_dequeue_count: int = 5
    visibility_timeout: timedelta = timedelta(0)
    base64: bool = True


def read_queue_options(section: dict[str, object]) -> QueueOptions:
    """Read the section. Raises ValueError naming the property on a wrong value."""
    size = _whole_number(section, "batchSize", 16, 1, MOST_IN_ONE_REQUEST)
    # The real default is half the batch size for each core.
    threshold = _whole_number(section, "newBatchThreshold", size // 2, 0, 1_000)
    encoding = section.get("messageEncoding", "base64")
    if encoding not in ("base64", "none"):
        raise ValueError(f"messageEncoding must be base64 or none, not {encoding!r}")
    return QueueOptions(
        batches=Batches(size, threshold),
        max_dequeue_count=_whole_number(section, "maxDequeueCount", 5, 1, 2**31 - 1),
        visibility_timeout=_time_span(section.get("visibilityTimeout", "00:00:00")),
        base64=encoding == "base64",
    )


def _whole_number(section: dict[str, object], key: str, default: int, least: int, most: int) -> int:
    value = section.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{key} must be a whole number from {least} to {most}, not {value!r}")
    return value


def _time_span(value: object) -> timedelta:
    match = _TIME_SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"visibilityTimeout must be hh:mm:ss or d.hh:mm:ss, not {value!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if hours > 23 or span > LONGEST_VISIBILITY_TIMEOUT:
        raise ValueError(f"visibilityTimeout must be at most seven days, not {value!r}")
    return span
