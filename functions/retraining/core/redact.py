"""Cutting secrets out of text that others wrote: a service's error message may quote what it was sent."""

import re

_SECRETS = re.compile(
    r"""(?ix)
    (?P<name> \b(?:sig|AccountKey|SharedAccessSignature|client_secret|code|api[_-]?key) ["']? \s* [=:] \s* ["']? )
        [^\s&;"'<>,]+
    | (?P<scheme> \bBearer \s+ ) [A-Za-z0-9+/=._~-]{8,}
    """
)


def redacted(text: str) -> str:
    """The text with the values of signatures, keys and tokens replaced by ***."""
    return _SECRETS.sub(lambda match: f"{match['name'] or match['scheme']}***", text)


def excerpt(text: str, limit: int = 500) -> str:
    """The redacted text on one line, cut to `limit` characters."""
    line = " ".join(redacted(text).split())
    return line if len(line) <= limit else f"{line[:limit]}..."
