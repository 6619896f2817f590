"""Finding secrets in text that must not hold any: what is known to be secret, and what has a secret's shape."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, quote_plus

_VALUE = r"(?!\*\*\*|\.\.\.|REDACTED\b)[A-Za-z0-9+/%=_~.-]"
"""Not what stands where a secret was cut out: by us, by an excerpt's end, by the Azure SDK."""
_IS = r"\\*[\"']?\s*(?:=|:|%3d|%253d|\\u003d|&#61;)\s*\\*[\"']?"
_NEW_WORD = r"(?i)(?:(?<![a-z])|(?<=3f))"
"""3f is the end of an encoded question mark."""


class _Shape(NamedTuple):
    """One of `hints` stands in every text that has the shape, in lower case: they are looked for first, for speed."""

    what: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


_SHAPES = (
    # A user delegation signature is one of these too; a connection string is secret by its key or its signature.
    _Shape("a shared access signature", ("sig",), re.compile(rf"{_NEW_WORD}sig{_IS}{_VALUE}")),
    _Shape("an account key", ("accountkey",), re.compile(rf"{_NEW_WORD}AccountKey{_IS}{_VALUE}")),
    _Shape("a client secret", ("client_secret",), re.compile(rf"{_NEW_WORD}client_secret{_IS}{_VALUE}")),
    _Shape("a token by its name", ("_token",), re.compile(rf"{_NEW_WORD}(?:access|refresh|id)_token{_IS}{_VALUE}")),
    # Its last letter is no dot: an excerpt's end may follow what was no token in the whole text.
    _Shape(
        "a bearer token",
        ("bearer",),
        re.compile(r"\bBearer(?:\s|%20|\+)+(?!\*\*\*)[A-Za-z0-9+/=._~-]{7,}[A-Za-z0-9+/=_~-]"),
    ),
    _Shape("a token", ("eyj",), re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    # 64 bytes in base64: a storage account's key, and a classic web service's API key.
    _Shape(
        "a key of 64 bytes",
        ("==", "%3d%3d", "\\u003d\\u003d"),
        re.compile(r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]|%2[BbFf]){86}(?:==|%3D%3D|%3d%3d|\\u003d\\u003d)"),
    ),
    _Shape(
        "a client secret of Microsoft Entra",
        ("q~",),
        re.compile(r"(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,34}(?![\w~.-])"),
    ),
)

_LETTERS = re.compile(r"[a-z0-9]+")

SHORTEST = 6
"""Characters. What is shorter is no secret that could be told from other text."""


def secrets_in(text: str, known: Iterable[str]) -> list[str]:
    """What is secret in `text`: the shapes that secrets have, and the `known` ones themselves. Never shows them.

    A known one is found in every form in which it could have been written: percent-encoded once or twice, escaped for
    JSON or HTML, or broken over two lines.
    """
    folded = text.lower()
    matches = (
        (shape.what, shape.pattern.search(text)) for shape in _SHAPES if any(hint in folded for hint in shape.hints)
    )
    found = [f"{what}, at character {match.start()}" for what, match in matches if match]
    return found + list(_known_in(folded, known))


def _known_in(folded: str, known: Iterable[str]) -> Iterator[str]:
    unbroken = "".join(folded.replace("\\n", "").split())
    for secret in known:
        if _stands_in(folded, secret):
            yield "a known key"
        elif _stands_in(unbroken, secret):
            yield "a known key, over a line's end"


def _stands_in(folded: str, secret: str) -> bool:
    """The letters of a secret are the same in every form of it: without them, none is there."""
    letters, forms = _forms(secret)
    return letters in folded and any(form in folded for form in forms)


@cache
def _forms(secret: str) -> tuple[str, tuple[str, ...]]:
    """Its longest run of letters and digits, and how it can be written; in lower case, as encodings may be either."""
    once = quote(secret, safe="")
    forms = (
        secret,
        secret.rstrip("="),
        once,
        quote(secret),
        quote_plus(secret),
        quote(once, safe=""),
        secret.replace("=", "%3D"),
        json.dumps(secret)[1:-1],
        secret.replace("/", "\\/"),
        secret.replace("=", "\\u003d").replace("+", "\\u002b").replace("/", "\\u002f"),
        secret.replace("=", "\\u003d").replace("+", "\\u002b"),
        html.escape(secret),
        secret.replace("=", "&#61;").replace("+", "&#43;").replace("/", "&#47;"),
    )
    letters = max(_LETTERS.findall(secret.lower()), key=len, default="")
    return letters, tuple(dict.fromkeys(form.lower() for form in forms if len(form) >= SHORTEST))
