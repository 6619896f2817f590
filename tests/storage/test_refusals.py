"""Storage that refuses, fails or cannot be reached: what Azure answers where Azurite would not, on a real socket."""

import logging
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient

from devstack.azurite import ACCOUNT, ACCOUNT_KEY, Azurite
from devstack.certificates import issue
from functions.retraining.app_identity import app_identity
from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.definitions import ConnectionStringAccess
from functions.retraining.core.errors import Conflict, NotFound, PermanentError, TransientError
from functions.retraining.core.secret import Secret
from functions.retraining.storage.access import blob_service
from functions.retraining.storage.blobs import StorageBlobs
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.model_archive import StorageModelArchive
from functions.retraining.storage.run_store import StorageRunStore
from tests.azureml.web_server import Script, WebServer, reply, silence_after

from .runs import run

WRONG_KEY = "d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc="
SIGNATURE = "hT5kZ0mWq3vN8bXc1yLd%2BaG7u%3D"
OUTPUT = BlobLocation(
    base="https://examples.blob.core.windows.net/",
    relative="trainingoutput/model.ilearner",
    sas=Secret(f"?sv=2019-12-12&sig={SIGNATURE}"),
)


def refusal(status: int, code: str, words: str = "No.") -> Script:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{words}\nRequestId:r\nTime:t</Message></Error>"
    headers = {"x-ms-error-code": code, "x-ms-request-id": "r-1", "Content-Type": "application/xml"}
    return reply(status, body.encode(), **headers)


def copied(status: str) -> Script:
    headers = {"x-ms-copy-status": status, "x-ms-copy-id": "c", "Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT"}
    return reply(202, b"", **headers)


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[tuple[WebServer, BlobServiceClient]]:
    """A stand-in for Azure's blob service, and a client of it that does not retry."""
    certificates = issue(tmp_path)
    with WebServer(certificates.server) as server:
        connection = f"AccountName=examples;AccountKey={ACCOUNT_KEY};BlobEndpoint={server.url}/examples"
        with BlobServiceClient.from_connection_string(
            connection, retry_total=0, read_timeout=1, connection_verify=str(certificates.ca_bundle)
        ) as client:
            yield server, client


@pytest.fixture
def server(azure: tuple[WebServer, BlobServiceClient]) -> WebServer:
    return azure[0]


@pytest.fixture
def archive(azure: tuple[WebServer, BlobServiceClient]) -> StorageModelArchive:
    return StorageModelArchive(azure[1], "models", timedelta(days=1))


@pytest.fixture
def documents(azure: tuple[WebServer, BlobServiceClient]) -> Documents:
    return Documents(azure[1], "retraining")


@pytest.mark.parametrize("status", [401, 403])
def test_a_link_that_azure_cannot_verify_is_worth_another_try(
    status: int, server: WebServer, archive: StorageModelArchive
) -> None:
    server.will(refusal(status, "CannotVerifyCopySource", "Server failed to authenticate the request."), reply(200))
    with pytest.raises(TransientError, match="a fresh one may be taken: Server failed to authenticate") as caught:
        archive.copy_output(run(), OUTPUT)
    assert (caught.value.code, caught.value.request_id) == ("CannotVerifyCopySource", "r-1")
    assert server.requests[0].headers["x-ms-copy-source"].endswith(SIGNATURE)


def test_a_link_to_nothing_is_not_found(server: WebServer, archive: StorageModelArchive) -> None:
    server.will(refusal(404, "CannotVerifyCopySource", "The specified blob does not exist."), reply(200))
    with pytest.raises(NotFound, match="The specified blob does not exist"):
        archive.copy_output(run(), OUTPUT)


def test_a_copy_that_storage_calls_malformed_is_not_tried_for_ever(
    server: WebServer, archive: StorageModelArchive
) -> None:
    server.will(refusal(400, "InvalidHeaderValue"))
    with pytest.raises(PermanentError, match="InvalidHeaderValue"):
        archive.copy_output(run(), OUTPUT)


def test_a_source_that_azure_says_has_changed_is_not_found(server: WebServer, archive: StorageModelArchive) -> None:
    server.will(refusal(412, "SourceConditionNotMet"), reply(404, b""))
    with pytest.raises(NotFound, match="the source was replaced"):
        archive.copy_blob(run())
    copy, look = server.requests
    assert copy.headers["x-ms-source-if-match"] == '"0x1"'
    assert copy.headers["if-none-match"] == "*"
    assert look.method == "HEAD"


def test_a_copy_under_way_is_no_model_yet(server: WebServer, archive: StorageModelArchive) -> None:
    standing = {"x-ms-copy-status": "pending", "ETag": '"0x2"', "Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT"}
    server.will(copied("pending"), refusal(409, "PendingCopyOperation"), reply(200, b"", **standing))
    assert archive.copy_output(run(), OUTPUT) is None
    assert archive.copy_output(run(), OUTPUT) is None


def test_a_copy_that_failed_is_cleared_away_for_the_next_try(server: WebServer, archive: StorageModelArchive) -> None:
    standing = {
        "x-ms-copy-status": "failed",
        "x-ms-copy-status-description": "500 InternalServerError",
        "ETag": '"0x2"',
        "Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT",
    }
    server.will(refusal(409, "BlobAlreadyExists"), reply(200, b"", **standing), reply(202))
    with pytest.raises(TransientError, match="the copy ended failed: 500 InternalServerError"):
        archive.copy_output(run(), OUTPUT)
    assert server.requests[-1].method == "DELETE"
    assert server.requests[-1].headers["if-match"] == '"0x2"'


def test_a_container_that_is_being_deleted_passes_by_itself(server: WebServer, documents: Documents) -> None:
    server.will(refusal(409, "ContainerBeingDeleted"))
    with pytest.raises(TransientError, match="ContainerBeingDeleted"):
        documents.write("a.json", b"{}", None)
    server.will(refusal(404, "ContainerNotFound"), refusal(409, "ContainerBeingDeleted"))
    with pytest.raises(TransientError, match="ContainerBeingDeleted"):
        documents.write("a.json", b"{}", None)


def test_a_container_that_somebody_else_makes_meanwhile_is_used(server: WebServer, documents: Documents) -> None:
    server.will(refusal(404, "ContainerNotFound"), refusal(409, "ContainerAlreadyExists"))
    server.will(reply(201, b"", **{"ETag": '"0x9"', "Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT"}))
    assert documents.write("a.json", b"{}", None) == '"0x9"'


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(412, "ConditionNotMet"), Conflict),
        (refusal(409, "BlobAlreadyExists"), Conflict),
        (refusal(412, "LeaseIdMissing"), TransientError),
        (refusal(503, "ServerBusy"), TransientError),
        (refusal(500, "InternalError"), TransientError),
        (refusal(403, "AuthorizationFailure"), PermanentError),
        (refusal(400, "InvalidHeaderValue"), PermanentError),
        (reply(502, b"<html>bad gateway</html>"), TransientError),
        (silence_after(b"HTTP/1.1 201 Created\r\n"), TransientError),
    ],
)
def test_each_refusal_has_its_meaning(
    answer: Script, kind: type[Exception], server: WebServer, documents: Documents
) -> None:
    server.will(answer)
    with pytest.raises(kind, match=r"write retraining/a\.json") as caught:
        documents.write("a.json", b"{}", '"0x1"')
    assert type(caught.value) is kind


def test_an_archive_that_somebody_else_makes_meanwhile_is_used(server: WebServer, archive: StorageModelArchive) -> None:
    server.will(refusal(404, "ContainerNotFound"), refusal(409, "ContainerAlreadyExists"), copied("success"))
    assert archive.copy_output(run(), OUTPUT) is not None
    assert [request.method for request in server.requests] == ["PUT", "PUT", "PUT"]


def operations(client: BlobServiceClient) -> list[Callable[[], object]]:
    """One of each kind of request."""
    store, blobs = StorageRunStore(Documents(client, "retraining")), StorageBlobs(client)
    archive = StorageModelArchive(client, "models", timedelta(days=1))
    return [
        lambda: store.load("r"),
        lambda: store.save(run(), None),
        lambda: store.save(run(), '"0x1"'),
        lambda: store.discard(run()),
        lambda: list(store.open_runs()),
        lambda: blobs.version("examples", "a.csv"),
        lambda: list(blobs.under("examples", "")),
        lambda: archive.copy_blob(run()),
        lambda: archive.copy_output(run(), OUTPUT),
    ]


def test_storage_that_cannot_be_reached_may_be_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}/{ACCOUNT}"
        connection = f"AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};BlobEndpoint={endpoint}"
        with BlobServiceClient.from_connection_string(connection, retry_total=0) as client:
            for operation in operations(client):
                with pytest.raises(TransientError, match="storage cannot be reached") as caught:
                    operation()
                assert ACCOUNT_KEY not in str(caught.value)
                assert SIGNATURE not in str(caught.value)


@pytest.mark.azurite
def test_a_wrong_key_is_refused_for_good_and_not_shown(azurite: Azurite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = azurite.connection_string.replace(ACCOUNT_KEY, WRONG_KEY)
    with BlobServiceClient.from_connection_string(wrong, retry_total=0) as client:
        *mine, by_link = operations(client)
        for operation in mine:
            with pytest.raises(PermanentError, match="HTTP 403") as caught:
                operation()
            assert WRONG_KEY not in f"{caught.value}{caplog.text}"
        with pytest.raises(TransientError, match="HTTP 403"):  # the same answer as to a link that expired
            by_link()
    assert SIGNATURE not in caplog.text


def test_a_key_that_cannot_sign_is_refused_for_good() -> None:
    connection = f"AccountName={ACCOUNT};AccountKey=a;BlobEndpoint=http://127.0.0.1:1/{ACCOUNT}"
    client = BlobServiceClient.from_connection_string(connection, retry_total=0)
    with client, pytest.raises(PermanentError, match="invalid shared key"):
        StorageBlobs(client).version("examples", "a.csv")


@pytest.mark.azurite
def test_no_operation_puts_the_key_or_a_signature_into_the_log(
    azurite: Azurite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with BlobServiceClient.from_connection_string(azurite.connection_string, retry_total=0) as client:
        for operation in operations(client):
            try:
                operation()
            except (NotFound, TransientError, Conflict):
                continue
    assert "urllib3.connectionpool" in {record.name for record in caplog.records}
    assert ACCOUNT_KEY not in caplog.text
    assert SIGNATURE not in caplog.text


@pytest.mark.parametrize(
    "connection",
    [
        "nonsense",
        "AccountName=a",
        "BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=sv=2019&sig=abc",
    ],
)
def test_what_is_no_account_with_its_key_is_refused_at_once(connection: str) -> None:
    with pytest.raises(ValueError, match=r"[Cc]onnection string") as caught:
        blob_service(ConnectionStringAccess(Secret(connection)), app_identity)
    assert "abc" not in str(caught.value)


@pytest.mark.azurite
def test_the_apps_own_client_works(azurite: Azurite) -> None:
    with blob_service(ConnectionStringAccess(Secret(azurite.connection_string)), app_identity) as client:
        assert StorageBlobs(client).version("examples-that-are-not-there", "a.csv") is None
