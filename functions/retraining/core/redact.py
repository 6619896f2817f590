"""Cutting secrets out of text that others wrote: a service's error message may quote what it was sent."""

import re

_SECRETS = re.compile(
    r"""(?ix)
    (?P<name>
        (?: (?<![A-Za-z]) | (?<=3F) )
        (?: sig | AccountKey | PrimaryKey | SecondaryKey | SharedAccessSignature | client_secret | client_assertion
          | (?: access | refresh | id )_token | api[_-]?key | (?<=[?&]) code )
        \\* ["']? \s* (?: [=:] | %(?:25)*3[AD] | \\u003[AD] | &\#(?:61|x3D); ) \s* \\* ["']?
    )
    (?: [^\s&;"'<>,\\] | \\u00(?:2[BF]|3D) | \\/ | &\#(?:43|47|61|x2B|x2F|x3D); )+
    | (?P<scheme> (?<![A-Za-z]) Bearer (?: \s | %20 )+ ) [A-Za-z0-9+/=._~-]{8,}
    | (?<![A-Za-z0-9_-]) (?-i: eyJ ) [A-Za-z0-9_-]{10,} \. [A-Za-z0-9_.-]{10,}
    | (?<![A-Za-z0-9+/]) (?: [A-Za-z0-9+/] | %2[BF] ){86} (?: == | (?:%3D){2} | (?:\\u003D){2} )
    | (?<![\w~.-]) [\w~.-]{3} [78] Q~ [\w~.-]{31,34} (?![\w~.-])
    """
)
"""What a secret stands behind, also in JSON inside JSON, percent-encoded or escaped; and three that show by themselves.

A `code` is secret in a query only; 3F is the end of an encoded question mark. By themselves: a JSON Web Token, a key of
64 bytes in base64 (a storage account's, a classic web service's), and a client secret as Microsoft Entra makes them.
Every alternative begins where nothing of its own kind stands before, so that no text makes the search begin anew at
each of its letters.
"""


def redacted(text: str) -> str:
    """The text with the values of signatures, keys and tokens replaced by ***."""
    return _SECRETS.sub(lambda match: f"{match['name'] or match['scheme'] or ''}***", text)


def excerpt(text: str, limit: int = 500) -> str:
    """The redacted text on one line, cut to `limit` characters."""
    line = " ".join(redacted(text).split())
    return line if len(line) <= limit else f"{line[:limit]}..."
