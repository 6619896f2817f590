"""JSON documents in one container: read with their ETag, written on a condition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobProperties, BlobServiceClient, ContentSettings

from functions.retraining.core.errors import NotFound

from . import containers
from .errors import translated

JSON = ContentSettings(content_type="application/json; charset=utf-8")
_IF_MISSING: Mapping[str, Any] = {"match_condition": MatchConditions.IfMissing}


@dataclass(frozen=True)
class Document:
    """A document's content and the ETag it had."""

    content: bytes
    etag: str


class Documents:
    """The documents of one container, which is made when the first one is written."""

    def __init__(self, service: BlobServiceClient, container: str) -> None:
        self._container = service.get_container_client(container)
        self._name = container

    def where(self, name: str) -> str:
        """How messages name a document."""
        return f"{self._name}/{name}"

    def read(self, name: str) -> Document | None:
        """The document, or None if there is none: one GET."""
        try:
            with translated(f"read {self.where(name)}"):
                download = self._container.download_blob(name)
                return Document(download.readall(), str(download.properties.etag))
        except NotFound:
            return None

    def write(self, name: str, content: bytes, etag: str | None, metadata: Mapping[str, str] | None = None) -> str:
        """Create the document (etag None) or replace that version of it; the new ETag: one PUT.

        Raises Conflict if it exists already or is another version by now.
        """
        with translated(f"write {self.where(name)}"):
            try:
                return self._put(name, content, etag, metadata)
            except ResourceNotFoundError:
                if etag is not None:
                    raise
                containers.make(self._container)
                return self._put(name, content, etag, metadata)

    def delete(self, name: str) -> None:
        """Remove the document; quiet if it is gone: one DELETE."""
        try:
            with translated(f"delete {self.where(name)}"):
                self._container.delete_blob(name)
        except NotFound:
            return

    def listed(self, prefix: str) -> Iterator[BlobProperties]:
        """The documents whose names begin with `prefix`, with metadata, by name: one List per 5,000."""
        try:
            with translated(f"list {self.where(prefix)}"):
                yield from self._container.list_blobs(name_starts_with=prefix, include=["metadata"])
        except NotFound:
            return

    def names(self, prefix: str) -> Iterator[str]:
        """The names alone of those documents, by name: one List per 5,000, read in a fraction of the time."""
        try:
            with translated(f"list {self.where(prefix)}"):
                yield from self._container.list_blob_names(name_starts_with=prefix)
        except NotFound:
            return

    def _put(self, name: str, content: bytes, etag: str | None, metadata: Mapping[str, str] | None) -> str:
        condition = _IF_MISSING if etag is None else {"etag": etag, "match_condition": MatchConditions.IfNotModified}
        written = self._container.get_blob_client(name).upload_blob(
            content,
            overwrite=True,
            metadata=dict(metadata or {}),
            content_settings=JSON,
            **condition,
        )
        return str(written["etag"])
