"""What the host puts into `webjobs-blobtrigger-poison` when it gives up on a blob's event."""

import json

from functions.retraining.core.blobs import BlobVersion


def poison_message(version: BlobVersion, function: str = "start_retraining", **fields: object) -> bytes:
    """The message as the queue trigger hands it over: decoded from base64. `fields` are more, or other values."""
    body = {
        "Type": "BlobTrigger",
        "FunctionId": f"Host.Functions.{function}",
        "BlobType": "BlockBlob",
        "ContainerName": version.container,
        "BlobName": version.name,
        "ETag": f'"{version.etag}"',
    }
    return json.dumps(body | fields, indent=2).encode()
