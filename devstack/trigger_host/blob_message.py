"""The message that stands for one blob version on its way to a function; a poison message has the same body.

Keys and indentation as the real host writes them (WebJobs BlobTriggerMessage, JsonSerialization); the queue's text
is its base64.
"""

import base64
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class BlobVersion:
    """One version of one blob. `etag` keeps its quotes; `blob_type` is `BlockBlob`, `PageBlob` or `AppendBlob`."""

    container: str
    name: str
    etag: str
    blob_type: str = "BlockBlob"


@dataclass(frozen=True)
class BlobTriggerMessage:
    """A blob version, and the function (`Host.Functions.<name>`) it is meant for."""

    function_id: str
    blob: BlobVersion

    def encode(self) -> str:
        """Return the text of the queue message."""
        fields = {
            "Type": "BlobTrigger",
            "FunctionId": self.function_id,
            "BlobType": self.blob.blob_type,
            "ContainerName": self.blob.container,
            "BlobName": self.blob.name,
            "ETag": self.blob.etag,
        }
        return base64.b64encode(json.dumps(fields, indent=2, ensure_ascii=False).encode()).decode("ascii")

    @classmethod
    def decode(cls, text: str) -> "BlobTriggerMessage":
        """Read a queue message's text. Raises ValueError if it is none of ours."""
        try:
            fields = json.loads(base64.b64decode(text, validate=True))
            blob = BlobVersion(fields["ContainerName"], fields["BlobName"], fields["ETag"], fields["BlobType"])
            return cls(fields["FunctionId"], blob)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"not a blob trigger message: {error!r}") from error


def quoted(etag: str) -> str:
    """Return the ETag with quotes: listings give it without, headers with."""
    return etag if etag.startswith('"') else f'"{etag}"'
