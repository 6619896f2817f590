"""Signatures (SAS) for one blob each, by the account's key or by the app's identity."""

from datetime import UTC, datetime, timedelta

from azure.storage.blob import BlobSasPermissions, BlobServiceClient, UserDelegationKey, generate_blob_sas

from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.secret import Secret

from .errors import translated

LONGEST_DELEGATION = timedelta(days=7)
"""A user delegation key lives no longer: Create a user delegation SAS, Azure Storage REST documentation."""

CLOCK_SKEW = timedelta(minutes=15)
"""How far back a signature begins, for clocks that disagree: the storage documentation's own advice."""

READ = BlobSasPermissions(read=True)
CREATE_AND_WRITE = BlobSasPermissions(create=True, write=True)


def signed_location(
    service: BlobServiceClient, container: str, name: str, permission: BlobSasPermissions, life: timedelta
) -> BlobLocation:
    """A location that opens this one blob, for this permission and this long.

    With an identity the life is cut to seven days. Raises ServiceError if the account gives no delegation key.
    """
    key = getattr(service.credential, "account_key", None)
    expiry = datetime.now(UTC) + (life if key else min(life, LONGEST_DELEGATION - CLOCK_SKEW))
    signature = generate_blob_sas(
        account_name=str(service.account_name),
        container_name=container,
        blob_name=name,
        account_key=key,
        user_delegation_key=None if key else _delegation_key(service, expiry),
        permission=permission,
        start=datetime.now(UTC) - CLOCK_SKEW,
        expiry=expiry,
    )
    return BlobLocation(base=base_of(service), relative=f"{container}/{name}", sas=Secret(f"?{signature}"))


def base_of(service: BlobServiceClient) -> str:
    """The account's address, with the slash that a container's name follows."""
    return f"{service.url.partition('?')[0].rstrip('/')}/"


def _delegation_key(service: BlobServiceClient, expiry: datetime) -> UserDelegationKey:
    with translated("ask for a user delegation key"):
        return service.get_user_delegation_key(datetime.now(UTC) - CLOCK_SKEW, expiry)
