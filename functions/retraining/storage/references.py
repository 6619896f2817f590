"""References to blobs for the training web service, in the form that the linked service's kind allows."""

from datetime import timedelta

from azure.storage.blob import BlobSasPermissions

from functions.retraining.core.blobs import BlobLocation, KeyedLocation
from functions.retraining.core.definitions import BlobDataset, ConnectionStringAccess, IdentityAccess, SasUriAccess

from .access import Identity, blob_service
from .signing import CREATE_AND_WRITE, LONGEST_DELEGATION, READ, signed_location

MARGIN = timedelta(hours=1)
"""What a signature lives longer than the execution may take: the service reads and writes within it."""


class StorageReferences:
    """Keeps the promises of `core.ports.BlobReferences`."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def readable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        """A reference to read that blob by."""
        return self._reference(dataset, name, READ, life)

    def writable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        """A reference to create and write that blob by."""
        return self._reference(dataset, name, CREATE_AND_WRITE, life)

    def _reference(
        self, dataset: BlobDataset, name: str, permission: BlobSasPermissions, life: timedelta | None
    ) -> BlobLocation | KeyedLocation:
        path = f"{dataset.container}/{name}"
        match dataset.linked_service.access:
            case ConnectionStringAccess(connection_string):
                return KeyedLocation(connection_string, path)
            case SasUriAccess() as access:
                return BlobLocation(base=access.account_url, relative=path, sas=access.signature)
            case IdentityAccess() as access:
                needed = LONGEST_DELEGATION if life is None else life + MARGIN
                with blob_service(access, self._identity) as service:
                    return signed_location(service, dataset.container, name, permission, needed)
