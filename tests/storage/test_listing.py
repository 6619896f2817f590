"""Lists in the shape of the REST documentation, over several pages and with every kind of name."""

from datetime import UTC, datetime

from azure.storage.blob import BlobServiceClient

from functions.retraining.storage.blobs import StorageBlobs
from tests.reliability.load.list_server import PAGE, list_server
from tests.reliability.load.planting import Planted

NAMES = ["a b.csv", "a&<b>'\".csv", "Übung/日本.csv", "100%25.csv", "odd\uffff%20.csv"]


def test_every_page_is_read_and_each_blob_is_the_version_that_its_line_says() -> None:
    blobs = [Planted(f"{number:06}.csv", number) for number in range(PAGE + 2)]
    with list_server({"examples": blobs}) as account, BlobServiceClient.from_connection_string(account) as service:
        found = list(StorageBlobs(service).under("examples", ""))
    assert [blob.name for blob in found] == [blob.name for blob in blobs]
    last = found[-1]
    assert (last.container, last.etag, last.size) == ("examples", blobs[-1].etag, len(blobs[-1].content))
    assert last.last_modified == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_name_is_what_it_is_whatever_xml_makes_of_it() -> None:
    blobs = [Planted(name, number) for number, name in enumerate(sorted(NAMES))]
    with list_server({"examples": blobs}) as account, BlobServiceClient.from_connection_string(account) as service:
        assert [blob.name for blob in StorageBlobs(service).under("examples", "")] == sorted(NAMES)
