"""What is read of the watched containers, on a real Azurite."""

import pytest
from azure.storage.blob import BlobServiceClient

from functions.retraining.core.blobs import BlobVersion
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
