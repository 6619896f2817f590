"""Blob references as the batch execution service takes and gives them.

`ConnectionString` + `RelativeLocation` for keyed access, or `BaseLocation` + `RelativeLocation` + `SasBlobToken`
(azuremlps @98cb01c, bes_verbatim/swagger.api.json). `RelativeLocation` is `container/path/name.ext`; the published
samples write it with and without a leading slash. It is taken literally, never percent-decoded (our assumption).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from azure.storage.blob import (
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerSasPermissions,
    generate_blob_sas,
    generate_container_sas,
)


@dataclass(frozen=True, slots=True, repr=False)
class BlobReference:
    """One blob, with what it takes to reach it. Its repr shows the path only: the rest is secret."""

    relative_location: str
    connection_string: str = ""
    base_location: str = ""
    sas_blob_token: str = ""

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read the wire's Pascal-case form; unused parts may be null or absent. Raises TypeError for non-text."""
        parts = [wire.get(key) or "" for key in _WIRE_KEYS]
        if not all(isinstance(part, str) for part in parts):
            raise TypeError("the parts of a blob reference are text")
        relative, *access = parts
        return cls(relative.lstrip("/"), *access)

    def to_wire(self) -> dict[str, str | None]:
        """The Pascal-case form; an unused part is null, as the service answers it."""
        values = (self.relative_location, self.connection_string, self.base_location, self.sas_blob_token)
        return {key: value or None for key, value in zip(_WIRE_KEYS, values, strict=True)}

    @property
    def container(self) -> str:
        """The first segment of the path."""
        return self.relative_location.partition("/")[0]

    @property
    def name(self) -> str:
        """The blob's name inside its container."""
        return self.relative_location.partition("/")[2]

    @property
    def account_url(self) -> str:
        """The account's blob endpoint, ending with a slash. Raises ValueError for a bad connection string."""
        if not self.connection_string:
            return self.base_location
        with BlobServiceClient.from_connection_string(self.connection_string) as service:
            return service.url.rstrip("/") + "/"

    def client(self, *, retries: int = 3) -> BlobClient:
        """A client for this blob (the caller closes it). Raises ValueError for a bad connection string or URL."""
        options: dict[str, Any] = {
            "retry_total": retries,
            "connection_timeout": 5,
            "read_timeout": 60,
            # The SDK's first piece of a download is 32 MB otherwise.
            "max_single_get_size": _PIECE,
            "max_chunk_get_size": _PIECE,
        }
        if self.connection_string:
            return BlobClient.from_connection_string(self.connection_string, self.container, self.name, **options)
        credential = self.sas_blob_token.lstrip("?") or None
        return BlobClient(self.base_location, self.container, self.name, credential=credential, **options)

    def etag(self) -> str:
        """The blob's ETag now, asked once: whoever waits for the studio's answer shall not wait for its retries.

        Raises AzureError if the blob cannot be read, ValueError for a bad connection string or URL.
        """
        with self.client(retries=0) as client:
            return str(client.get_blob_properties().etag)

    def with_container_sas(self, lifetime: timedelta) -> Self:
        """The same blob by a fresh read-and-list token for its whole container, as the service's `Results` give it.

        The token is valid for `lifetime` (a negative one: it expired already). A reference that came as a token
        can only be handed back as it came, for the studio has no key to sign a new one with.
        """
        if not self.connection_string:
            return self
        return self._signed(self._container_token(*_window(lifetime)))

    def with_blob_sas(self, lifetime: timedelta) -> Self:
        """The same blob by a fresh read-only token for it alone, valid for `lifetime`."""
        if not self.connection_string:
            return self
        start, expiry = _window(lifetime)
        with self.client() as client:
            token = generate_blob_sas(
                client.account_name or "",
                self.container,
                self.name,
                account_key=client.credential.account_key,
                permission=BlobSasPermissions(read=True),
                start=start,
                expiry=expiry,
            )
        return self._signed(token)

    def __repr__(self) -> str:
        return f"BlobReference({self.relative_location!r})"

    def _container_token(self, start: datetime, expiry: datetime) -> str:
        with self.client() as client:
            return generate_container_sas(
                client.account_name or "",
                self.container,
                account_key=client.credential.account_key,
                permission=ContainerSasPermissions(read=True, list=True),
                start=start,
                expiry=expiry,
            )

    def _signed(self, token: str) -> Self:
        return type(self)(self.relative_location, base_location=self.account_url, sas_blob_token=f"?{token}")


_PIECE: Final = 4 * 1024 * 1024
_WIRE_KEYS: Final = ("RelativeLocation", "ConnectionString", "BaseLocation", "SasBlobToken")


def _window(lifetime: timedelta) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    # Five minutes back, for clocks that disagree; and before the expiry, also where that is in the past.
    start = min(now, now + lifetime) - timedelta(minutes=5)
    return start, now + lifetime
