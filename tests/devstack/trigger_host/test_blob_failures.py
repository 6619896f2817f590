"""The polling blob trigger when functions fail, hosts die and storage goes away."""

import base64
import contextlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient

from devstack.azurite import Azurite
from devstack.trigger_host.process import TriggerHost
from tests.devstack.trigger_host.apps import BLOB_DOOR, AppFolder
from tests.devstack.trigger_host.conftest import Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

_HOST_ID = f"crashed-{uuid.uuid4().hex[:8]}"
_GIVEN_ID = {"AzureFunctionsWebHost__hostid": _HOST_ID}

FAILING_DOORS = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/fails/{name}", connection="AzureWebJobsStorage")
def fails(blob: BlobReference) -> None:
    note("fails", blob.name)
    raise ValueError("cannot read this file")


@app.blob_trigger(arg_name="blob", path="%CONTAINER%/recovers/{name}", connection="AzureWebJobsStorage")
def recovers(blob: BlobReference) -> None:
    note("recovers", blob.name)
    if not pathlib.Path(os.environ["SEEN"]).with_name("third").exists():
        pathlib.Path(os.environ["SEEN"]).with_name("third" if second() else "second").touch()
        raise OSError("the service is away")


def second():
    return pathlib.Path(os.environ["SEEN"]).with_name("second").exists()


@app.blob_trigger(arg_name="blob", path="%CONTAINER%/returns/{name}", connection="AzureWebJobsStorage")
def returns(blob: BlobReference):
    note("returns", blob.name)
    return "a blob function has nothing to return"
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> AppFolder:
    return AppFolder(tmp_path_factory.mktemp("failures"), FAILING_DOORS)


@pytest.fixture(scope="module")
def host(app: AppFolder, shared_storage: Storage) -> Iterator[TriggerHost]:
    with TriggerHost.start(app.root, {**shared_storage.settings, **app.settings}, app.state) as running:
        yield running


def _poisoned(storage: Storage, name: str) -> list[dict[str, Any]]:
    return [message for message in storage.poison() if message["BlobName"] == name]


def test_a_failing_blob_is_tried_five_times_then_put_in_the_poison_queue(
    app: AppFolder, host: TriggerHost, shared_storage: Storage
) -> None:
    name = "fails/ä #1.csv"
    shared_storage.upload(name)
    etag = shared_storage.container.get_blob_client(name).get_blob_properties().etag
    wait_until(lambda: _poisoned(shared_storage, name), "the message is put away")
    expected = {
        "Type": "BlobTrigger",
        "FunctionId": "Host.Functions.fails",
        "BlobType": "BlockBlob",
        "ContainerName": shared_storage.container.container_name,
        "BlobName": name,
        "ETag": etag,
    }
    assert etag.startswith('"')
    assert _poisoned(shared_storage, name) == [expected]
    assert app.names("fails/") == [name] * 5
    wait_until(lambda: shared_storage.queued(host) == 0, "the message is gone from the work queue")
    assert "ValueError: cannot read this file" in host.log
    assert "function_app.py" in host.log  # the app's own traceback


def test_a_blob_that_fails_twice_succeeds_at_the_third_try(
    app: AppFolder, host: TriggerHost, shared_storage: Storage
) -> None:
    shared_storage.upload("recovers/a")
    wait_until(lambda: "try 3) succeeded" in host.log, "the third try succeeds")
    wait_until(lambda: shared_storage.queued(host) == 0, "its message is deleted")
    assert app.names("recovers/") == ["recovers/a"] * 3
    assert _poisoned(shared_storage, "recovers/a") == []


def test_returning_a_value_from_a_blob_function_fails_its_run(
    app: AppFolder, host: TriggerHost, shared_storage: Storage
) -> None:
    shared_storage.upload("returns/a")
    wait_until(lambda: _poisoned(shared_storage, "returns/a"), "the message is put away")
    assert "returned a non-None value" in host.log
    assert app.names("returns/") == ["returns/a"] * 5


def test_a_blob_whose_host_was_killed_in_its_run_is_run_again(tmp_path: Path, storage: Storage) -> None:
    door = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}", connection="AzureWebJobsStorage")
def arrived(blob: BlobReference) -> None:
    note("begin", blob.name)
    await_file("go")
    note("end", blob.name)
"""
    app = AppFolder(tmp_path, door)
    settings = {**storage.settings, **app.settings}
    host = TriggerHost.start(app.root, settings, app.state, message_invisible_seconds=1)
    storage.upload("a")
    wait_until(lambda: app.seen == [["begin", "a"]], "the run begins")
    host.kill()
    app.put("go")
    with TriggerHost.start(app.root, settings, app.state, message_invisible_seconds=1) as again:
        wait_until(lambda: "try 2) succeeded" in again.log, "the run is repeated")
        assert app.seen == [["begin", "a"], ["begin", "a"], ["end", "a"]]
        wait_until(lambda: storage.queued(again) == 0, "its message is deleted")


def test_a_receipt_left_incomplete_by_a_crash_does_not_lose_the_blob(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, BLOB_DOOR)
    storage.upload("a.csv")
    etag = storage.container.get_blob_client("a.csv").get_blob_properties().etag
    receipt = f"{_HOST_ID}/Host.Functions.arrived/{etag}/{storage.container.container_name}/a.csv"
    with contextlib.suppress(ResourceExistsError):
        storage.host_blobs().create_container()
    storage.host_blobs().upload_blob(f"blobreceipts/{receipt}", b"", metadata={"Incomplete": "Incomplete"})
    with TriggerHost.start(app.root, {**storage.settings, **app.settings, **_GIVEN_ID}, app.state) as host:
        assert host.host_id == _HOST_ID
        wait_until(lambda: app.names() == ["a.csv"], "the blob arrives")
        assert storage.receipts(host, "arrived") == {"a.csv": True}


def test_a_message_received_too_often_is_poison_unrun_and_one_that_is_none_is_dropped(
    tmp_path: Path, storage: Storage
) -> None:
    app = AppFolder(tmp_path, BLOB_DOOR)
    message = {"Type": "BlobTrigger", "FunctionId": "Host.Functions.arrived", "BlobType": "BlockBlob"}
    message |= {"ContainerName": storage.container.container_name, "BlobName": "killer.csv", "ETag": '"0x1"'}
    with contextlib.suppress(ResourceExistsError):
        storage.queues.create_queue(f"azure-webjobs-blobtrigger-{_HOST_ID}")
    queue = storage.queues.get_queue_client(f"azure-webjobs-blobtrigger-{_HOST_ID}")
    queue.send_message(base64.b64encode(json.dumps(message).encode()).decode())
    for _ in range(5):
        received = next(iter(queue.receive_messages(visibility_timeout=1)))
        queue.update_message(received, visibility_timeout=0)
    queue.send_message("not base64 of anything")
    with TriggerHost.start(app.root, {**storage.settings, **app.settings, **_GIVEN_ID}, app.state) as host:
        wait_until(storage.poison, "the message is put away")
        wait_until(lambda: storage.queued(host) == 0, "the other is dropped")
        assert storage.poison() == [message]
        assert "is dropped: not a blob trigger message" in host.log
        assert app.seen == []


def test_a_run_longer_than_the_invisible_time_is_not_run_beside_itself(tmp_path: Path, storage: Storage) -> None:
    door = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}", connection="AzureWebJobsStorage")
def arrived(blob: BlobReference) -> None:
    note("begin")
    time.sleep(1.8)
    note("end")
"""
    app = AppFolder(tmp_path, door)
    settings = {**storage.settings, **app.settings}
    with TriggerHost.start(app.root, settings, app.state, message_invisible_seconds=1) as host:
        storage.upload("a")
        wait_until(lambda: "succeeded" in host.log, "the run ends")
        wait_until(lambda: storage.queued(host) == 0, "its message is deleted")
        assert app.seen == [["begin"], ["end"]]


def test_a_stop_lets_the_run_under_way_end(tmp_path: Path, storage: Storage) -> None:
    door = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}", connection="AzureWebJobsStorage")
def arrived(blob: BlobReference) -> None:
    note("begin")
    time.sleep(0.5)
    note("end")
"""
    app = AppFolder(tmp_path, door)
    with TriggerHost.start(app.root, {**storage.settings, **app.settings}, app.state) as host:
        storage.upload("a")
        wait_until(lambda: app.seen, "the run begins")
        host.stop()
        assert app.seen == [["begin"], ["end"]]
        assert storage.queued(host) == 0


def test_storage_may_go_away_and_come_back(tmp_path: Path) -> None:
    app = AppFolder(tmp_path, BLOB_DOOR)
    with Azurite.start(tmp_path / "azurite") as azurite:
        settings = {"AzureWebJobsStorage": azurite.connection_string, "CONTAINER": "watched", **app.settings}
        with (
            TriggerHost.start(app.root, settings, app.state) as host,
            BlobServiceClient.from_connection_string(azurite.connection_string) as blobs,
        ):
            blobs.create_container("watched").upload_blob("a.csv", b"x")
            wait_until(lambda: app.names() == ["a.csv"], "the first blob arrives")
            azurite.stop()
            wait_until(lambda: host.log.count("does not answer") == 2, "scan and queue notice")
            azurite.restart()
            blobs.get_blob_client("watched", "b.csv").upload_blob(b"x")
            wait_until(lambda: app.names() == ["a.csv", "b.csv"], "the second blob arrives")
            wait_until(lambda: host.log.count("works again") == 2, "both say so")
            assert host.log.count("does not answer") == 2
            assert "Traceback" not in host.log
