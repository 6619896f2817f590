"""The blobs in the watched containers: read, never written, not even their metadata (it would fire the trigger)."""

from collections.abc import Iterator

from azure.core import MatchConditions
from azure.storage.blob import BlobProperties, BlobServiceClient

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.errors import NotFound

from .errors import translated
from .listing import versions_in
from .rows import has_rows


class StorageBlobs:
    """Keeps the promises of `core.ports.ExampleBlobs`."""

    def __init__(self, service: BlobServiceClient) -> None:
        self._service = service

    def version(self, container: str, name: str) -> BlobVersion | None:
        """The blob as it is now, or None: one HEAD."""
        try:
            with translated(f"read {container}/{name}"):
                return _version(self._service.get_blob_client(container, name).get_blob_properties())
        except NotFound:
            return None

    def has_rows(self, blob: BlobVersion, rows: int) -> bool:
        """Whether this version has at least so many rows: data lines of ARFF, lines below the header of CSV and TSV.

        Streamed, and read no further than needed. Raises Conflict if it is another version by now.
        """
        with translated(f"count the rows of {blob.path}"):
            download = self._service.get_blob_client(blob.container, blob.name).download_blob(
                etag=f'"{blob.etag}"', match_condition=MatchConditions.IfNotModified
            )
            return has_rows(download.chunks(), rows, arff=blob.name.lower().endswith(".arff"))

    def under(self, container: str, prefix: str) -> Iterator[BlobVersion]:
        """Every blob whose name begins with `prefix`: one List per 5,000. Nothing if the container is not there."""
        try:
            with translated(f"list {container}/{prefix}"):
                yield from versions_in(self._service.get_container_client(container), prefix)
        except NotFound:
            return


def _version(blob: BlobProperties) -> BlobVersion:
    return BlobVersion(
        container=blob.container,
        name=blob.name,
        etag=str(blob.etag).strip('"'),
        last_modified=blob.last_modified,
        size=blob.size,
    )
