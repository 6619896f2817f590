"""Cutting secrets out of text that others wrote: a service's error message may quote what it was sent."""

import re

_SECRETS = re.compile(
    r"""(?ix)
    (?P<name>
        (?<![A-Za-z]) (?: sig | AccountKey | PrimaryKey | SecondaryKey | SharedAccessSignature | client_secret
                        | api[_-]?key | (?<=[?&]) code )
        \\? ["']? \s* (?: [=:] | %3[AD] ) \s* \\? ["']?
    )
    [^\s&;"'<>,\\]+
    | (?P<scheme> (?<![A-Za-z]) Bearer \s+ ) [A-Za-z0-9+/=._~-]{8,}
    """
)
"""What a secret stands behind, also in JSON inside JSON and percent-encoded. A `code` is secret in a query only."""


def redacted(text: str) -> str:
    """The text with the values of signatures, keys and tokens replaced by ***."""
    return _SECRETS.sub(lambda match: f"{match['name'] or match['scheme']}***", text)


def excerpt(text: str, limit: int = 500) -> str:
    """The redacted text on one line, cut to `limit` characters."""
    line = " ".join(redacted(text).split())
    return line if len(line) <= limit else f"{line[:limit]}..."
