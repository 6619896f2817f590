"""Slice times in paths and parameters: Data Factory's `partitionedBy` and `$$Text.Format`. Pure.

An event-driven run has no slice. Its SliceStart and SliceEnd are both the example's upload time (its last-modified time
in storage, UTC), so that a path or parameter made from them names the run as it named the slice.
"""

import re
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from functools import cache
from typing import NamedTuple

from .date_formats import format_pattern, formatted


def _days_in_month(year: int, month: int) -> int:
    """The calendar module knows it too, but would cost every cold start its import."""
    if month != 2:
        return 30 + (month + month // 8) % 2
    return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28


def _months_later(time: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last if it is shorter: as .NET's AddMonths."""
    year, month = divmod(time.year * 12 + time.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError
    return time.replace(year=year, month=month + 1, day=min(time.day, _days_in_month(year, month + 1)))


def _day_start(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)


def _day_end(time: datetime) -> datetime:
    return time.replace(hour=23, minute=59, second=59, microsecond=0)


SHIFTS: Mapping[str, Callable[[datetime, int], datetime]] = {
    "AddMinutes": lambda time, count: time + timedelta(minutes=count),
    "AddHours": lambda time, count: time + timedelta(hours=count),
    "AddDays": lambda time, count: time + timedelta(days=count),
    "AddWeeks": lambda time, count: time + timedelta(weeks=count),
    "AddMonths": _months_later,
    "AddQuarters": lambda time, count: _months_later(time, 3 * count),
    "AddYears": lambda time, count: _months_later(time, 12 * count),
}
"""Data Factory's functions from a time and a whole number to a time."""

EDGES: Mapping[str, Callable[[datetime], datetime]] = {
    "StartOfHour": lambda time: time.replace(minute=0, second=0, microsecond=0),
    "StartOfDay": _day_start,
    "EndOfDay": _day_end,
    "EndOfMonth": lambda time: _day_end(time.replace(day=_days_in_month(time.year, time.month))),
}
"""Data Factory's functions from a time to a time."""


class Step(NamedTuple):
    """One of the functions of `SHIFTS` (with its whole number) or `EDGES`, by name."""

    function: str
    amount: int = 0


class SliceTime(NamedTuple):
    """SliceStart or SliceEnd, moved by functions: the innermost first."""

    steps: tuple[Step, ...] = ()

    def at(self, uploaded: datetime) -> datetime:
        """The time of a run on an example that was uploaded then. Raises OverflowError beyond the calendar."""
        time = uploaded
        for step in self.steps:
            shift = SHIFTS.get(step.function)
            time = shift(time, step.amount) if shift else EDGES[step.function](time)
        return time


class Partition(NamedTuple):
    """One entry of `partitionedBy`: `{name}` in a path is the slice's time in this .NET format."""

    name: str
    format: str
    time: SliceTime = SliceTime()

    def text(self, uploaded: datetime) -> str:
        """What stands in the path of a run on an example that was uploaded then."""
        return formatted(self.time.at(uploaded), self.format)


_HOLES = r"(?P<brace>\{\{|\}\})|\{(?P<index>[0-9]{1,3})(?::(?P<format>[^{}]*))?\}"
DEFAULT_FORMAT = "MM/dd/yyyy HH:mm:ss"
"""A .NET date without a format, in the invariant culture."""


class TextFormat(NamedTuple):
    """`$$Text.Format(template, arguments)`: `{0:yyyyMMdd}` in the template is argument 0 in that .NET format.

    As in .NET, `{{` and `}}` are braces.
    """

    template: str
    arguments: tuple[SliceTime, ...]

    @property
    def holes(self) -> tuple[tuple[int, str], ...]:
        """Argument and format of every hole in the template."""
        found = [hole for hole in re.finditer(_HOLES, self.template) if not hole["brace"]]
        return tuple((int(hole["index"]), hole["format"] or DEFAULT_FORMAT) for hole in found)

    @property
    def is_well_formed(self) -> bool:
        """Whether every brace in the template belongs to a hole, or stands for a brace."""
        return not {"{", "}"} & set(re.sub(_HOLES, "", self.template))

    def text(self, uploaded: datetime) -> str:
        """The text of a run on an example that was uploaded then."""
        return re.sub(_HOLES, lambda hole: self._filled(hole, uploaded), self.template)

    def _filled(self, hole: re.Match[str], uploaded: datetime) -> str:
        if hole["brace"]:
            return str(hole["brace"][0])
        return formatted(self.arguments[int(hole["index"])].at(uploaded), hole["format"] or DEFAULT_FORMAT)


_PARTITION = r"\{([^{}]*)\}"


def holes_of(path: str) -> tuple[str, ...]:
    """The names of a path's `{partition}` holes."""
    return tuple(re.findall(_PARTITION, path))


@cache
def pattern_of(path: str, partitions: tuple[Partition, ...]) -> re.Pattern[str]:
    """The names that a path with `{partition}` holes can have: each hole holds a time in its partition's format.

    A hole that is no partition's holds anything but a slash. Kept, because a sweep asks for it with every blob.
    """
    formats = {partition.name: partition.format for partition in partitions}
    pieces = [
        (format_pattern(formats[piece]) if piece in formats else "[^/]+") if number % 2 else re.escape(piece)
        for number, piece in enumerate(re.split(_PARTITION, path))
    ]
    return re.compile("".join(pieces))


@cache
def filter_pattern(file_filter: str) -> re.Pattern[str]:
    """The file names that pass a `fileFilter`: `*` is any text, `?` one character, all else itself.

    What stands between two stars is taken where it is first found, for good (an atomic group): whoever names a blob
    could else let the search go through every way to share its characters among the stars.
    """
    pieces = [
        "".join("." if letter == "?" else re.escape(letter) for letter in part) for part in file_filter.split("*")
    ]
    first, *rest = pieces
    if not rest:
        return re.compile(first, re.DOTALL)
    *middle, last = rest
    return re.compile(f"{first}{''.join(f'(?>.*?{piece})' for piece in middle)}.*{last}", re.DOTALL)


def filled(path: str, partitions: tuple[Partition, ...], uploaded: datetime) -> str:
    """The path of a run on an example that was uploaded then."""
    texts = {partition.name: partition.text(uploaded) for partition in partitions}
    return re.sub(_PARTITION, lambda hole: texts.get(hole[1], hole[0]), path)
