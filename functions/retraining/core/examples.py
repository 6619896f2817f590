"""Which blobs can be trained on, or put live, at all."""

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
    if blob.size == 0:
        return f"{blob.path} is empty (0 bytes); upload it again with its content"
    return None
