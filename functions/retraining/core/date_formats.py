"""Custom .NET date formats, which Data Factory's partitions and `$$Text.Format` are written in. Pure.

In the invariant culture, as Data Factory ran: English names, whatever the host's locale. No strftime, whose unpadded
numbers are not the same on every platform. Rules: .NET's "Custom date and time format strings".
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PARTS = r"""%?([dfFghHKmMstyz])\1*|'[^']*'|"[^"]*"|\\.|."""
_SPECIFIERS = frozenset("dfFghHKmMstyz")
_QUOTES = ("'", '"')
_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "d": lambda time: time.day,
    "h": lambda time: time.hour % 12 or 12,
    "H": lambda time: time.hour,
    "m": lambda time: time.minute,
    "M": lambda time: time.month,
    "s": lambda time: time.second,
}
_NAMES: dict[str, tuple[tuple[str, ...], Callable[[datetime], int]]] = {
    "d": (_DAYS, lambda time: time.weekday()),
    "M": (_MONTHS, lambda time: time.month - 1),
}


class _Part(NamedTuple):
    """A piece of a format: what it becomes, and a regular expression for everything it can become."""

    text: Callable[[datetime], str]
    pattern: str


def is_date_format(text: str) -> bool:
    """Whether every part of a format is one that is known here.

    A single letter is one of .NET's standard formats (`d`: a whole date), which are not; `%d` is the day alone.
    """
    return bool(text) and text not in _SPECIFIERS and all(_part(part) for part in _split(text))


def formatted(time: datetime, text: str) -> str:
    """`time` in a format. Raises ValueError for a part that is not known here."""
    return "".join(part.text(time) for part in _parts(text))


def format_pattern(text: str) -> str:
    """A regular expression for every time in a format. Raises ValueError for a part that is not known here."""
    return "".join(part.pattern for part in _parts(text))


def _parts(text: str) -> list[_Part]:
    found = [(piece, _part(piece)) for piece in _split(text)]
    unknown = ", ".join(piece for piece, part in found if part is None)
    if unknown:
        message = f"the date format {text!r} has parts that are not known here: {unknown}"
        raise ValueError(message)
    return [part for _, part in found if part is not None]


def _split(text: str) -> list[str]:
    return [match[0] for match in re.finditer(_PARTS, text, re.DOTALL)]


def _part(piece: str) -> _Part | None:
    bare = piece.removeprefix("%")
    if bare[:1] in _SPECIFIERS:
        return _specifier(bare[0], len(bare))
    if piece in ("%", "\\", *_QUOTES):
        return None
    if piece[0] in _QUOTES:
        return _literal(piece[1:-1])
    return _literal(piece[1:] if piece[0] == "\\" else piece)


def _literal(text: str) -> _Part:
    return _Part(lambda _: text, re.escape(text))


def _specifier(letter: str, width: int) -> _Part | None:
    match letter:
        case "d" | "M" if width > 2:
            return _name(letter, short=width == 3)
        case "d" | "h" | "H" | "m" | "M" | "s":
            return _number(_NUMBERS[letter], width)
        case "y":
            return _year(width)
        case "f" if width <= 7:
            return _Part(lambda time: f"{time.microsecond:06}0"[:width], f"[0-9]{{{width}}}")
        case "t":
            size = min(width, 2)
            return _Part(lambda time: ("AM" if time.hour < 12 else "PM")[:size], "[AP]" + "M" * (size - 1))
    return None


def _number(value: Callable[[datetime], int], width: int) -> _Part:
    if width == 1:
        return _Part(lambda time: str(value(time)), "[0-9]{1,2}")
    return _Part(lambda time: f"{value(time):02}", "[0-9]{2}")


def _year(width: int) -> _Part:
    if width == 1:
        return _Part(lambda time: str(time.year % 100), "[0-9]{1,2}")
    if width == 2:
        return _Part(lambda time: f"{time.year % 100:02}", "[0-9]{2}")
    return _Part(lambda time: f"{time.year:0{width}}", f"[0-9]{{{max(width, 4) if width != 3 else '3,4'}}}")


def _name(letter: str, *, short: bool) -> _Part:
    names, index = _NAMES[letter]
    shown = tuple(name[:3] if short else name for name in names)
    return _Part(lambda time: shown[index(time)], f"(?:{'|'.join(shown)})")
