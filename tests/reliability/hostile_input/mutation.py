"""Damage to bytes and to JSON: cuts, insertions, and values that nobody expects there."""

import copy
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

HOSTILE_TEXTS = (
    "",
    "\x00",
    "\ufeff",
    "../../retraining/open/x",
    "..\\x",
    "%2e%2e%2fx",
    "e\u0301",
    "\u202ecsv.x",
    "9" * 400,
    "2026-11-22T08:30:00",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+23:59",
    "https://good.example@evil.example/",
    "x" * 2000,
)
HOSTILE_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, -(2**70), 10**400, 1e308, 1.5, [], {}, [[]], {"": None},
)  # fmt: skip
VALUES = st.sampled_from(HOSTILE_VALUES) | st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=8) | st.integers()
PIECES = st.binary(max_size=6) | st.sampled_from(
    [
        *(b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\\ud800", b"\xed\xa0\x80", b"\xc0\xaf"),
        *(b"[" * 2000, b'{"a":' * 2000, b"9" * 5000, b"1e400", b"NaN", b"-", b'"', b"\\", b",", b"/*"),
    ]
)


def damaged(content: bytes) -> SearchStrategy[bytes]:
    """The bytes with a stretch of them replaced."""
    places = st.tuples(st.integers(0, len(content)), st.integers(0, len(content))).map(sorted)
    return st.builds(lambda at, piece: content[: at[0]] + piece + content[at[1] :], places, PIECES)


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """The JSON with one to three of its values replaced, taken away or written twice."""
    value = json.loads(content)
    for _ in range(draw(st.integers(1, 3))):
        places = [place for place in _places(value) if place]
        if not places:
            break  # nothing is left in it
        *steps, last = draw(st.sampled_from(places))
        target = value
        for step in steps:
            target = target[step]
        if draw(st.booleans()):
            target[last] = copy.deepcopy(draw(VALUES))
        else:
            del target[last]
    return json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict | list):
        return [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(place for step, inner in steps for place in _places(inner, (*path, step)))]
