"""Very many blobs in Azurite at once: written into its own database while it is stopped.

To put a hundred thousand blobs one by one would take several minutes and measure nothing of ours. Afterwards Azurite
serves them like any others.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from azure.storage.blob import BlobServiceClient

from devstack.azurite import Azurite
from devstack.uploading import make_containers

CONTENTS = "planted-contents"
"""The one blob that is really put: all contents, one after the other. Every planted blob is a piece of its file."""

_BLOBS = "$BLOBS_COLLECTION$"


@dataclass(frozen=True)
class Planted:
    """A blob to be there. `number` makes its ETag; `last_modified` is UTC, whole seconds as storage gives it."""

    name: str
    number: int
    content: bytes = b"a,b\n1,2\n"
    metadata: Mapping[str, str] = field(default_factory=dict)
    last_modified: datetime = datetime(2026, 11, 1, tzinfo=UTC)

    @property
    def etag(self) -> str:
        """Without quotes."""
        return f"0x8D{self.number:013X}"


def plant(azurite: Azurite, container: str, blobs: Iterable[Planted]) -> None:
    """Put the blobs into the container, which is made if it is not there. Azurite is stopped and started again."""
    planted = list(blobs)
    make_containers(azurite.connection_string, (container,))
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        service.get_blob_client(container, CONTENTS).upload_blob(b"".join(blob.content for blob in planted))
    azurite.stop()
    _multiply(azurite.folder / "__azurite_db_blob__.json", container, planted)
    azurite.restart()


def _multiply(database: Path, container: str, planted: list[Planted]) -> None:
    document = json.loads(database.read_text("utf-8"))
    blobs = next(each for each in document["collections"] if each["name"] == _BLOBS)
    template = next(row for row in blobs["data"] if (row["containerName"], row["name"]) == (container, CONTENTS))
    blobs["data"].remove(template)
    offset = int(template["persistency"]["offset"])
    for blob in planted:
        blobs["maxId"] += 1
        blobs["data"].append(_row(template, blob, offset, blobs["maxId"]))
        offset += len(blob.content)
    for name, index in blobs["binaryIndices"].items():
        values = [str(row[name]) for row in blobs["data"]]
        index["values"] = sorted(range(len(values)), key=values.__getitem__)
    database.write_text(json.dumps(document), "utf-8")


def _row(template: Mapping[str, Any], blob: Planted, offset: int, number: int) -> dict[str, Any]:
    moment = f"{blob.last_modified:%Y-%m-%dT%H:%M:%S}.000Z"
    told = {name: value for name, value in template["properties"].items() if name != "contentMD5"}
    changed = {"etag": f'"{blob.etag}"', "lastModified": moment, "creationTime": moment}
    return {
        **template,
        "name": blob.name,
        "metadata": dict(blob.metadata),
        "properties": told | changed | {"contentLength": len(blob.content)},
        "persistency": {**template["persistency"], "offset": offset, "count": len(blob.content)},
        "$loki": number,
    }
