"""Which blobs can be trained on, or put live, at all."""

import re
from urllib.parse import unquote

from .blobs import BlobVersion
from .definitions import TRAINED_MODEL_EXTENSION
from .run import Origin

EXAMPLE_EXTENSIONS = (".csv", ".tsv", ".arff")
"""What batch execution takes as an input: docs/wire/batch-execution.md."""


def refusal(origin: Origin, blob: BlobVersion) -> str | None:
    """Why this blob can begin no run that succeeds, in words for the person who uploaded it; None if it can."""
    wanted = EXAMPLE_EXTENSIONS if origin is Origin.LABELED_EXAMPLE else (TRAINED_MODEL_EXTENSION,)
    if not blob.name.lower().endswith(wanted):
        return f"{blob.path} has none of the extensions that the service takes here: {', '.join(wanted)}"
    if _leads_elsewhere(blob.name):
        return f"{blob.path} has a folder named . or .., which leads to another blob in a URL; upload it without"
    if blob.size == 0:
        return f"{blob.path} is empty (0 bytes); upload it again with its content"
    return None


def _leads_elsewhere(name: str) -> bool:
    """Whether a service that puts the name into a URL would read another blob, of any container, by our key.

    RFC 3986 section 5.2.4 takes . and .. out of a path, also as %2e; many clients take a backslash for a slash.
    """
    return bool({".", ".."} & set(re.split(r"[/\\]", unquote(name))))
