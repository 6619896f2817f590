"""Blobs the host keeps for itself, in the container `azure-webjobs-hosts` of the AzureWebJobsStorage account."""

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContainerClient

HOSTS_CONTAINER = "azure-webjobs-hosts"


class HostBlobs:
    """Small blobs by path; the container is made when first written to."""

    def __init__(self, service: BlobServiceClient) -> None:
        self._container: ContainerClient = service.get_container_client(HOSTS_CONTAINER)

    def read(self, path: str) -> bytes | None:
        """Return the content, or None if there is no such blob."""
        try:
            return self._container.download_blob(path).readall()
        except ResourceNotFoundError:
            return None

    def write(self, path: str, content: bytes) -> None:
        """Write the blob, over whatever was there."""
        try:
            self._container.upload_blob(path, content, overwrite=True)
        except ResourceNotFoundError:
            self._make_container()
            self._container.upload_blob(path, content, overwrite=True)

    def create(self, path: str, metadata: dict[str, str]) -> bool:
        """Create an empty blob; return False if it is there already."""
        try:
            self._create(path, metadata)
        except ResourceExistsError:
            return False
        except ResourceNotFoundError:
            self._make_container()
            self._create(path, metadata)
        return True

    def metadata(self, path: str) -> dict[str, str] | None:
        """Return the blob's metadata, or None if there is no such blob."""
        try:
            return self._container.get_blob_client(path).get_blob_properties().metadata
        except ResourceNotFoundError:
            return None

    def clear_metadata(self, path: str) -> None:
        """Take all metadata off the blob."""
        self._container.get_blob_client(path).set_blob_metadata({})

    def _create(self, path: str, metadata: dict[str, str]) -> None:
        self._container.upload_blob(path, b"", metadata=metadata, match_condition=MatchConditions.IfMissing)

    def _make_container(self) -> None:
        try:
            self._container.create_container()
        except ResourceExistsError:
            return
