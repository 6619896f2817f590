"""Trying with a signature everything that it is not for, on real storage.

Azurite judges each try, through requests alone: not the SDK that made the signature.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import requests
from azure.storage.blob import BlobServiceClient

from functions.retraining.core.blobs import BlobLocation
from functions.retraining.storage.signing import CREATE_AND_WRITE, READ, signed_location

BLOCK_BLOB = {"x-ms-blob-type": "BlockBlob"}
HOUR = timedelta(hours=1)
REFUSED = frozenset({400, 401, 403, 404, 405, 409})
"""Any answer by which nothing was read or changed; that nothing was is looked at besides."""
SECONDS = 30


@dataclass(frozen=True)
class Try:
    """One request with the signature: to the signed blob itself, or to another place in the account."""

    what: str
    method: str
    place: str = "{container}/{name}"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


_READS = (
    Try("read it", "GET"),
    Try("read its properties", "HEAD"),
    Try("read its metadata", "GET", query="comp=metadata"),
    Try("read its blocks", "GET", query="comp=blocklist"),
)
_WRITES = (
    Try("write it", "PUT", headers=BLOCK_BLOB, body=b"written"),
    Try("put a block", "PUT", query="comp=block&blockid=YQ==", body=b"block"),
    Try("change its metadata", "PUT", query="comp=metadata", headers={"x-ms-meta-a": "b"}),
    Try("change its properties", "PUT", query="comp=properties", headers={"x-ms-blob-content-type": "text/plain"}),
    Try("take a snapshot", "PUT", query="comp=snapshot"),
    Try("lease it", "PUT", query="comp=lease", headers={"x-ms-lease-action": "acquire", "x-ms-lease-duration": "-1"}),
)
_NEVER = (
    Try("delete it", "DELETE"),
    Try("change its tags", "PUT", query="comp=tags", body=b"<Tags><TagSet/></Tags>"),
    Try("read another blob", "GET", "{container}/other.csv"),
    Try("read another blob by a folder up", "GET", "{container}/x/%2e%2e/other.csv"),
    Try("read below its name", "GET", "{container}/{name}/more"),
    Try("read it in other letters", "GET", "{container}/{NAME}"),
    Try("write another blob", "PUT", "{container}/new.csv", headers=BLOCK_BLOB, body=b"x"),
    Try("overwrite another blob", "PUT", "{container}/other.csv", headers=BLOCK_BLOB, body=b"x"),
    Try("delete another blob", "DELETE", "{container}/other.csv"),
    Try("read in another container", "GET", "{elsewhere}/{name}"),
    Try("write in another container", "PUT", "{elsewhere}/new.csv", headers=BLOCK_BLOB, body=b"x"),
    Try("list the container", "GET", "{container}", "restype=container&comp=list"),
    Try("read the container's properties", "GET", "{container}", "restype=container"),
    Try("delete the container", "DELETE", "{container}", "restype=container"),
    Try(
        "open the container to all",
        "PUT",
        "{container}",
        "restype=container&comp=acl",
        {"x-ms-blob-public-access": "blob"},
    ),
    Try("make a container", "PUT", "made-{elsewhere}", "restype=container"),
    Try("list the account's containers", "GET", "", "comp=list"),
    Try("read the account's settings", "GET", "", "restype=service&comp=properties"),
    Try("find blobs by tags", "GET", "", "comp=blobs&where=a%3D'b'"),
    Try("ask for a delegation key", "POST", "", "restype=service&comp=userdelegationkey"),
)


def tries_for(permission: str) -> tuple[tuple[Try, ...], tuple[Try, ...]]:
    """What a signature is for, and what it is not for."""
    if permission == "r":
        return _READS, _WRITES + _NEVER
    # Azure's write permission is for the blob's content, metadata, properties, snapshots and leases.
    return _WRITES, _READS + _NEVER


class Yard:
    """Two containers with a blob each besides the one that is signed for."""

    def __init__(self, storage: BlobServiceClient) -> None:
        mark = uuid4().hex[:10]
        self.storage = storage
        self.container, self.elsewhere, self.name = f"signed-{mark}", f"elsewhere-{mark}", "2026/one.csv"
        for container in (self.container, self.elsewhere):
            storage.create_container(container)
        for container, name in self._blobs:
            storage.get_blob_client(container, name).upload_blob(b"before")

    @property
    def _blobs(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.container, self.name),
            (self.container, "other.csv"),
            (self.elsewhere, self.name),
        )

    def signed(self, permission: str, life: timedelta = HOUR) -> BlobLocation:
        """A reference as the app hands it out."""
        kind = READ if permission == "r" else CREATE_AND_WRITE
        return signed_location(self.storage, self.container, self.name, kind, life)

    def send(self, place: BlobLocation, attempt: Try) -> int:
        """Send it with the signature; the answer's status."""
        path = attempt.place.format(
            container=self.container, elsewhere=self.elsewhere, name=self.name, NAME=self.name.upper()
        )
        query = place.sas.reveal() + (f"&{attempt.query}" if attempt.query else "")
        answer = requests.request(
            attempt.method,
            f"{place.base}{path}{query}",
            headers={"x-ms-version": "2021-12-02", **attempt.headers},
            data=attempt.body,
            timeout=SECONDS,
        )
        return answer.status_code

    def state(self) -> dict[str, dict[str, str]]:
        """Every container with its blobs' ETags, but that of the signed one."""
        return {
            container.name: {
                blob.name: str(blob.etag)
                for blob in self.storage.get_container_client(container.name).list_blobs()
                if (container.name, blob.name) != (self.container, self.name)
            }
            for container in self.storage.list_containers()
            if container.name.endswith(self.container.rpartition("-")[2])
        }

    def content(self) -> bytes:
        """Of the blob that is signed for."""
        return self.storage.get_blob_client(self.container, self.name).download_blob().readall()


def tried(yard: Yard, permission: str) -> Iterator[tuple[str, str]]:
    """Every try with a fresh signature, and with one that is over: what was tried, and what was wrong (or empty)."""
    allowed, forbidden = tries_for(permission)
    place, over = yard.signed(permission), yard.signed(permission, timedelta(seconds=-2))
    before, content = yard.state(), yard.content()
    for attempt in forbidden:
        yield f"{permission}: {attempt.what}", _unless_refused(yard.send(place, attempt))
    for attempt in (*allowed, *forbidden):
        yield f"{permission}, over: {attempt.what}", _unless_refused(yard.send(over, attempt))
    yield f"{permission}: nothing has changed", "" if (yard.state(), yard.content()) == (before, content) else "it has"
    for attempt in allowed:
        status = yard.send(place, attempt)
        yield f"{permission}: may {attempt.what}", "" if status < 300 else f"HTTP {status}"
    yield f"{permission}: nothing else has changed", "" if yard.state() == before else "it has"


def _unless_refused(status: int) -> str:
    return "" if status in REFUSED else f"HTTP {status}"
