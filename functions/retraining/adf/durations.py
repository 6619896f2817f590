"""Durations as Data Factory v1 writes them: .NET time spans."""

import re
from datetime import timedelta

from .findings import Unset
from .node import Node

_TIME_SPAN = r"(?:([0-9]{1,8})\.)?([0-9]{1,8}):([0-9]{1,2}):([0-9]{1,2})(?:\.([0-9]{1,7}))?"
_EXPECTED = "expected hh:mm:ss or d.hh:mm:ss, as in 02:00:00 or 1.00:00:00"
# Our own bound: far beyond any training, and safe to add to any date.
LONGEST = timedelta(days=365)


def read_duration(node: Node) -> timedelta | None:
    """A duration of at most a year.

    As in .NET, and as Data Factory v1 documents: three parts whose first is over 23 are days, hours and minutes,
    so that 24:00:00 is 24 days. That is seldom meant; it is taken as written, with a notice.
    """
    text = node.text()
    if text is None or isinstance(text, Unset):
        return None
    duration = _parse(text)
    if duration is None:
        node.fault(f"is not a duration; {_EXPECTED}")
        return None
    if duration > LONGEST:
        node.fault(f"is longer than {LONGEST.days} days; {_EXPECTED}")
        return None
    if _reads_as_days(text):
        node.notice(f"means {duration.days} days, as in Data Factory v1; one day is 1.00:00:00")
    return duration


def _parse(text: str) -> timedelta | None:
    match = re.fullmatch(_TIME_SPAN, text.strip())
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[:4])
    fraction = int((match[5] or "").ljust(7, "0")) // 10
    if match[1] is None and hours > 23:
        days, hours, minutes, seconds = hours, minutes, seconds, 0
        if match[5]:
            return None
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=fraction)


def _reads_as_days(text: str) -> bool:
    match = re.fullmatch(_TIME_SPAN, text.strip())
    return match is not None and match[1] is None and int(match[2]) > 23
