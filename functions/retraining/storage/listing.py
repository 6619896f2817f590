"""The blobs of one List, read straight from its XML.

The SDK's `list_blobs` makes an object of some forty fields for each blob, which takes five times as long as all the
rest of a sweep; its `list_blob_names` leaves the answer alone. Elements: List Blobs, Azure Storage REST documentation.
"""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import ContentDecodePolicy
from azure.storage.blob import ContainerClient

from functions.retraining.core.blobs import BlobVersion


def versions_in(container: ContainerClient, prefix: str) -> Iterator[BlobVersion]:
    """Every blob whose name begins with `prefix`: one List per 5,000. Raises the SDK's errors."""
    answers: list[PipelineResponse[Any, Any]] = []
    listed = container.list_blob_names(name_starts_with=prefix, raw_response_hook=answers.append)
    for _ in listed.by_page():
        page = ContentDecodePolicy.deserialize_from_http_generics(answers[-1].http_response)
        answers.clear()  # a call that was tried again has several; the last one is the page
        for blob in page.iterfind("Blobs/Blob"):
            yield _version(container.container_name, blob)


def _version(container: str, blob: Element) -> BlobVersion:
    return BlobVersion(
        container=container,
        name=_name(blob),
        etag=blob.findtext("Properties/Etag", "").strip('"'),
        last_modified=parsedate_to_datetime(blob.findtext("Properties/Last-Modified", "")),
        size=int(blob.findtext("Properties/Content-Length", "0")),
    )


def _name(blob: Element) -> str:
    """A name with characters that XML cannot have comes percent-encoded, and says so."""
    name = blob.find("Name")
    text = (name.text or "") if name is not None else ""
    return unquote(text) if name is not None and name.get("Encoded") == "true" else text
