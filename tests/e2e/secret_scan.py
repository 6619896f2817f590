"""Finding secrets in text that must not hold any."""

import re
from collections.abc import Iterable

_SHAPES = {
    "a shared access signature": re.compile(r"(?i)(?<![a-z])sig(?:=|%3d)(?!\*\*\*)[^\s\"']"),
    "an account key": re.compile(r"(?i)\bAccountKey\s*=\s*(?!\*\*\*)[^\s\"']"),
    "a connection string": re.compile(r"(?i)\bDefaultEndpointsProtocol\s*="),
    "a bearer token": re.compile(r"\bBearer\s+(?!\*\*\*)[A-Za-z0-9+/=._~-]{8,}"),
}


def secrets_in(text: str, known: Iterable[str]) -> list[str]:
    """What is secret in `text`: the shapes that secrets have, and the `known` ones themselves. Never shows them."""
    matches = {what: shape.search(text) for what, shape in _SHAPES.items()}
    found = [f"{what}, at character {match.start()}" for what, match in matches.items() if match]
    return found + [f"a known key, at character {text.index(key)}" for key in known if key in text]
