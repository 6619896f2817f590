"""Blobs as the core speaks of them: a version, a place, a trained model."""

from dataclasses import dataclass

import msgspec

from .secret import Secret
from .times import Utc


class BlobVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one blob. `etag` is kept without quotes: events and headers disagree about them."""

    container: str
    name: str
    etag: str
    last_modified: Utc
    size: int

    @property
    def path(self) -> str:
        """`container/name`, as people and services write it."""
        return f"{self.container}/{self.name}"


class BlobLocation(msgspec.Struct, frozen=True, kw_only=True):
    """Where a service says a blob is: plain concatenation of three parts gives its URL."""

    base: str
    relative: str
    sas: Secret

    @property
    def address(self) -> str:
        """The URL without its signature: what tells whether two locations are the same blob."""
        return f"{self.base}{self.relative}"

    @property
    def url(self) -> Secret:
        """The whole URL; secret, because it carries the signature."""
        return Secret(f"{self.base}{self.relative}{self.sas.reveal()}")


@dataclass(frozen=True)
class KeyedLocation:
    """A blob by its path and its account's connection string."""

    connection_string: Secret
    relative: str


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """An archived, immutable copy of a trained model. `archived_at` is the storage service's clock (UTC)."""

    container: str
    name: str
    archived_at: Utc

    @property
    def path(self) -> str:
        """`container/name` of the copy."""
        return f"{self.container}/{self.name}"
