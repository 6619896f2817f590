"""The blob that an Event Grid event speaks of, as the storage extension reads it (BlobsExtensionConfigProvider).

Only `data` is looked at, in the Event Grid schema and in CloudEvents alike: the event's type, its subject and the
storage account in its URL are not.
"""

import re
from urllib.parse import unquote, urlsplit

from devstack.trigger_host.blob_message import BlobVersion

_BLOB_TYPES = frozenset({"BlockBlob", "PageBlob", "AppendBlob"})
_ADDRESS = re.compile(r"[0-9.]+|\[[0-9a-fA-F:]+\]|localhost")
_EMULATOR_PORTS = range(10000, 12000)


def blob_of(event: object) -> BlobVersion:
    """The version that the event announces.

    Its ETag is quoted once more, whether the event's has quotes or not, or none at all. Raises ValueError for an event
    without URL or blob type, such as BlobRenamed.
    """
    data = event.get("data") if isinstance(event, dict) else None
    if not isinstance(data, dict):
        raise ValueError("an event without data")
    blob_type = data.get("blobType")
    if blob_type not in _BLOB_TYPES:
        raise ValueError(f"an event whose blobType is {blob_type!r}")
    container, name = _place(str(data.get("url", "")))
    return BlobVersion(container, name, f'"{data.get("eTag") or ""}"', blob_type)


def _place(url: str) -> tuple[str, str]:
    """Container and name; an emulator's URL has the account as its path's first part (BlobUriBuilder)."""
    parts = urlsplit(url)
    path = parts.path.removeprefix("/")
    if parts.hostname and (_ADDRESS.fullmatch(parts.hostname) or parts.port in _EMULATOR_PORTS):
        path = path.partition("/")[2]
    container, _, name = path.partition("/")
    if not parts.scheme or not container or not name:
        raise ValueError(f"an event whose url names no blob: {url!r}")
    return container, unquote(name)
