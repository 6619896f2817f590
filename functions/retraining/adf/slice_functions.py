"""Data Factory's functions over a slice's times: `Date.AddDays(SliceStart, -1)`, `$$Text.Format('{0:yyyy}', ..)`.

The functions are those of v1's "Functions and system variables". The four times of a run are one: the example's upload
time (UTC).
"""

import re
from datetime import UTC, datetime

from functions.retraining.core.date_formats import is_date_format
from functions.retraining.core.slices import EDGES, SHIFTS, SliceTime, Step, TextFormat

from .findings import Unset
from .node import Node

TIMES = ("SliceStart", "SliceEnd", "WindowStart", "WindowEnd")

_NAMES = {name.lower(): name for name in (*SHIFTS, *EDGES)}
_CALL = r"(?:Time|Date)\.(?P<function>[A-Za-z]+)\((?P<inside>.*)\)"
_FORMAT_CALL = r"\$\$\s*Text\.Format\(\s*'(?P<template>(?:[^'\\]|\\.)*)'\s*(?:,(?P<arguments>.*))?\)"
_SHIFTED = r"(?P<time>.*),\s*(?P<count>[+-]?[0-9]{1,6})\s*"
_DEEPEST = 20
# Far before and far beyond any upload: if the functions stay within the calendar from both, they always will.
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_EXPECTED_TIME = (
    f"expected {' or '.join(TIMES)}, alone or inside of Time.AddHours(.., n), Date.AddDays(.., n) and the like "
    f"({', '.join((*SHIFTS, *EDGES))})"
)
_EXPECTED_TEXT = "expected $$Text.Format('..{0:yyyyMMdd}..', SliceStart), or a slice's time as in $$SliceStart"


def read_slice_time(node: Node) -> SliceTime | None:
    """A slice's time; None after a fault."""
    text = node.text()
    if text is None or isinstance(text, Unset):
        return None
    time = _time(text)
    if time is None:
        node.fault(f"is not a slice's time; {_EXPECTED_TIME}")
    return time


def read_text_function(node: Node, text: str) -> TextFormat | None:
    """A parameter's `$$` function; None after a fault."""
    match = re.fullmatch(_FORMAT_CALL, text.strip(), re.IGNORECASE | re.DOTALL)
    if match is None:
        time = _time(text.strip().removeprefix("$$"))
        if time is not None:
            return TextFormat("{0}", (time,))
        node.fault(f"is not a function that is known here; {_EXPECTED_TEXT}")
        return None
    times = [_time(argument) for argument in _arguments(match["arguments"])]
    known = tuple(time for time in times if time is not None)
    if len(known) < len(times):
        node.fault(f"has an argument that is not a slice's time; {_EXPECTED_TIME}")
        return None
    template = TextFormat(re.sub(r"\\(['\\])", r"\1", match["template"]), known)
    problem = _template_problem(template)
    if problem is not None:
        node.fault(problem)
        return None
    return template


def _template_problem(template: TextFormat) -> str | None:
    if not template.is_well_formed:
        return "has a brace that is no place for a time; expected {0}, {0:yyyyMMdd} or, for a brace itself, two of them"
    for index, form in template.holes:
        if index >= len(template.arguments):
            return f"has a place {{{index}}}, for which there is no argument; expected one for each"
        if not is_date_format(form):
            return f"has a place {{{index}}} with a date format that is not known here; expected one such as yyyyMMdd"
    return None


def _time(text: str, depth: int = 0) -> SliceTime | None:
    """A time and what moves it; None for anything else, and for what would leave the calendar."""
    text = text.strip()
    if text in TIMES:
        return SliceTime()
    match = re.fullmatch(_CALL, text, re.IGNORECASE | re.DOTALL) if depth < _DEEPEST else None
    name = None if match is None else _NAMES.get(match["function"].lower())
    if match is None or name is None:
        return None
    inside, step = (match["inside"], Step(name)) if name in EDGES else _shifted(match["inside"], name)
    time = _time(inside, depth + 1) if inside is not None else None
    return None if time is None else _within_calendar(SliceTime((*time.steps, step)))


def _shifted(text: str, name: str) -> tuple[str | None, Step]:
    match = re.fullmatch(_SHIFTED, text, re.DOTALL)
    return (None, Step(name)) if match is None else (match["time"], Step(name, int(match["count"])))


def _within_calendar(time: SliceTime) -> SliceTime | None:
    try:
        years = [time.at(moment).year for moment in (_EARLIEST, _LATEST)]
    except (OverflowError, ValueError):
        return None
    return time if min(years) > 1000 else None


def _arguments(text: str | None) -> list[str]:
    """Arguments, split at the commas that stand in no brackets."""
    if text is None:
        return []
    found, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found
