"""What is read of the watched containers, on a real Azurite."""

import logging

import pytest
from azure.storage.blob import BlobServiceClient

from devstack.azurite import Azurite
from functions.retraining.app_identity import app_identity
from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import ConnectionStringAccess
from functions.retraining.core.errors import Conflict
from functions.retraining.core.secret import Secret
from functions.retraining.storage.access import LARGEST_PIECE, blob_service
from functions.retraining.storage.blobs import StorageBlobs

from .conftest import Wire

pytestmark = pytest.mark.azurite

NAMES = [
    "examples.arff",
    "with blanks in it.csv",
    "Größe/日本語/🚲.tsv",
    "100%.csv",
    "50%25 done.csv",
    "a#b?c&d=e+f.csv",
    "nested/deeply/in/folders/examples.arff",
    "it's (1), [2]; {3} ~!@$^`.csv",
]


@pytest.fixture
def blobs(service: BlobServiceClient) -> StorageBlobs:
    return StorageBlobs(service)


def put(service: BlobServiceClient, container: str, name: str, content: bytes = b"rows") -> None:
    service.get_blob_client(container, name).upload_blob(content, overwrite=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_blob_is_the_same_version_seen_alone_and_in_a_list(
    name: str, blobs: StorageBlobs, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, name)
    alone = blobs.version(examples, name)
    assert isinstance(alone, BlobVersion)
    assert (alone.container, alone.name, alone.size) == (examples, name, 4)
    assert alone.etag.startswith("0x")
    assert alone.last_modified.utcoffset() is not None
    assert list(blobs.under(examples, "")) == [alone]
    assert list(blobs.under(examples, name[: len(name) // 2])) == [alone]


def test_another_content_is_another_version(blobs: StorageBlobs, service: BlobServiceClient, examples: str) -> None:
    put(service, examples, "examples.arff")
    before = blobs.version(examples, "examples.arff")
    put(service, examples, "examples.arff", b"more rows")
    after = blobs.version(examples, "examples.arff")
    assert before is not None
    assert after is not None
    assert before.etag != after.etag
    assert after.size == 9


def test_only_what_begins_with_the_prefix_is_listed(
    blobs: StorageBlobs, service: BlobServiceClient, examples: str
) -> None:
    for name in ("2016/a.csv", "2016/b/c.csv", "20161/d.csv", "x/2016/e.csv"):
        put(service, examples, name)
    assert [blob.name for blob in blobs.under(examples, "2016/")] == ["2016/a.csv", "2016/b/c.csv"]


def test_what_is_not_there_is_none_and_nothing(blobs: StorageBlobs, examples: str, container: str) -> None:
    assert blobs.version(examples, "gone.csv") is None
    assert blobs.version(container, "gone.csv") is None
    assert list(blobs.under(examples, "")) == []
    assert list(blobs.under(container, "")) == []


def test_looking_is_one_request_and_reads_no_content(
    blobs: StorageBlobs, service: BlobServiceClient, examples: str, wire: Wire
) -> None:
    put(service, examples, "examples.arff")
    wire.taken()
    blobs.version(examples, "examples.arff")
    assert wire.taken() == ["HEAD"]
    list(blobs.under(examples, ""))
    assert wire.taken() == ["GET list"]


ROWS = b"a,b\n1,2\n3,4\n"


@pytest.mark.parametrize(("name", "content"), [("a.csv", ROWS), ("A.ARFF", b"@relation r\n@data\n1\n2\n")])
def test_rows_are_counted_by_the_blobs_kind(
    name: str, content: bytes, service: BlobServiceClient, blobs: StorageBlobs, examples: str, wire: Wire
) -> None:
    service.get_blob_client(examples, name).upload_blob(content)
    version = blobs.version(examples, name)
    assert version
    wire.taken()
    assert blobs.has_rows(version, 2)
    assert not blobs.has_rows(version, 3)
    assert wire.taken() == ["GET", "GET"]


def test_rows_of_another_version_are_not_counted(
    service: BlobServiceClient, blobs: StorageBlobs, examples: str
) -> None:
    blob = service.get_blob_client(examples, "a.csv")
    blob.upload_blob(ROWS)
    version = blobs.version(examples, "a.csv")
    assert version
    blob.upload_blob(ROWS * 2, overwrite=True)
    with pytest.raises(Conflict, match="count the rows of"):
        blobs.has_rows(version, 1)


def test_an_empty_blob_has_no_rows(service: BlobServiceClient, blobs: StorageBlobs, examples: str) -> None:
    service.get_blob_client(examples, "a.csv").upload_blob(b"")
    version = blobs.version(examples, "a.csv")
    assert version
    assert not blobs.has_rows(version, 1)


def test_a_large_blob_is_read_in_pieces_and_no_further_than_needed(
    azurite: Azurite, service: BlobServiceClient, examples: str, caplog: pytest.LogCaptureFixture
) -> None:
    service.get_blob_client(examples, "a.csv").upload_blob(ROWS + b"5,6\n" * 3_000_000)
    with blob_service(ConnectionStringAccess(Secret(azurite.connection_string)), app_identity) as client:
        blobs = StorageBlobs(client)
        version = blobs.version(examples, "a.csv")
        assert version
        assert version.size > 2 * LARGEST_PIECE
        caplog.set_level(logging.INFO)
        caplog.clear()
        assert blobs.has_rows(version, 2)
        assert caplog.text.count("Request method: 'GET'") == 1
        caplog.clear()
        assert blobs.has_rows(version, 3_000_002)
        assert caplog.text.count("Request method: 'GET'") == 3, "pieces of four megabytes"
        assert not blobs.has_rows(version, 3_000_003)
