"""Blob triggers with source Event Grid: the webhook's handshakes, answers and deliveries."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from devstack.event_grid import BlobCreated, EventNotTakenError, EventSchema, EventSubscription
from devstack.trigger_host.process import TriggerHost
from functions.retraining.core.blobs import BlobVersion
from tests.devstack.trigger_host.apps import AppFolder
from tests.devstack.trigger_host.conftest import Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

DOOR = """
@app.blob_trigger(
    arg_name="blob", path="%CONTAINER%/{name}.csv", connection="AzureWebJobsStorage", source=func.BlobSource.EVENT_GRID
)
def arrived(blob: BlobReference) -> None:
    note(blob.container, blob.name)
    if "fails" in blob.name:
        raise ValueError("cannot read this file")
"""
NAMES = ["plain.csv", "with space.csv", "ümläut-日本.csv", "100%.csv", "%20.csv", "a#b.csv", "a+b&c=d?.csv", "a/b.csv"]
WEBHOOK = "/runtime/webhooks/blobs"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> AppFolder:
    return AppFolder(tmp_path_factory.mktemp("events"), DOOR)


@pytest.fixture(scope="module")
def host(app: AppFolder, shared_storage: Storage) -> Iterator[TriggerHost]:
    with TriggerHost.start(app.root, {**shared_storage.settings, **app.settings}, app.state) as running:
        yield running


@pytest.fixture
def subscription(host: TriggerHost) -> EventSubscription:
    return EventSubscription(host.url, "arrived", host.blobs_extension_key)


def _event(storage: Storage, name: str, etag: str = "0x1") -> BlobCreated:
    blob = BlobVersion(
        container=storage.container.container_name, name=name, etag=etag, last_modified=datetime.now(UTC), size=1
    )
    return BlobCreated(blob, storage.blobs.url)


def _uploaded(storage: Storage, name: str) -> BlobCreated:
    storage.upload(name)
    return _event(storage, name)


def _post(host: TriggerHost, body: object, kind: str = "Notification", **query: str) -> requests.Response:
    asked = {"functionName": "Host.Functions.arrived", "code": host.blobs_extension_key} | query
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return requests.post(host.url + WEBHOOK, params=asked, data=content, headers={"aeg-event-type": kind}, timeout=30)


def _all_done(host: TriggerHost, storage: Storage) -> None:
    wait_until(lambda: storage.queued(host) == 0, "every message is gone")


@pytest.mark.parametrize("schema", list(EventSchema))
def test_a_blob_arrives_by_its_exact_name_whatever_is_in_it(
    app: AppFolder, host: TriggerHost, shared_storage: Storage, subscription: EventSubscription, schema: EventSchema
) -> None:
    folder = f"exact-{uuid.uuid4().hex[:6]}/"
    names = [f"{folder}{name}" for name in NAMES]
    subscription.deliver([_uploaded(shared_storage, name) for name in names], schema)
    _all_done(host, shared_storage)
    assert sorted(app.names(folder)) == sorted(names)


def test_a_url_that_nobody_encoded_and_one_event_that_is_no_array_are_understood(
    app: AppFolder, host: TriggerHost, shared_storage: Storage
) -> None:
    event = _uploaded(shared_storage, "raw/ü with space.csv").in_schema(EventSchema.CLOUD_EVENTS)
    event["data"]["url"] = f"{shared_storage.container.url}/raw/ü with space.csv"
    assert _post(host, event).status_code == 202
    _all_done(host, shared_storage)
    assert app.names("raw/") == ["raw/ü with space.csv"]


def test_there_are_no_receipts_the_same_event_twice_runs_twice(
    app: AppFolder, host: TriggerHost, shared_storage: Storage, subscription: EventSubscription
) -> None:
    event = _uploaded(shared_storage, "twice/a.csv")
    subscription.deliver([event, event])
    _all_done(host, shared_storage)
    assert app.names("twice/") == ["twice/a.csv"] * 2
    assert shared_storage.receipts(host, "arrived") == {}


def test_neither_the_etag_nor_the_pattern_nor_the_kind_of_event_is_looked_at_only_that_the_blob_is_there(
    app: AppFolder, host: TriggerHost, shared_storage: Storage, subscription: EventSubscription
) -> None:
    changed = _uploaded(shared_storage, "loose/overwritten.csv")
    shared_storage.upload("loose/overwritten.csv", b"newer")
    deleted = _event(shared_storage, "loose/gone.csv").in_schema(EventSchema.EVENT_GRID)
    subscription.deliver([changed, _uploaded(shared_storage, "loose/not the pattern.txt")])
    assert _post(host, [deleted | {"eventType": "Microsoft.Storage.BlobDeleted"}]).status_code == 202
    _all_done(host, shared_storage)
    assert sorted(app.names("loose/")) == ["loose/not the pattern.txt", "loose/overwritten.csv"]


@pytest.mark.parametrize("name", ["Host.Functions.arrived", "Functions.arrived"])
def test_both_names_of_the_function_are_known(
    app: AppFolder, host: TriggerHost, shared_storage: Storage, name: str
) -> None:
    blob = f"named/{name}.csv"
    assert _post(host, [_body(_uploaded(shared_storage, blob))], functionName=name).status_code == 202
    _all_done(host, shared_storage)
    assert app.names(f"named/{name}") == [blob]


@pytest.mark.parametrize("name", ["arrived", "Host.Functions.no_such_function", ""])
def test_a_delivery_for_another_function_is_taken_and_silently_dropped(
    app: AppFolder, host: TriggerHost, shared_storage: Storage, name: str
) -> None:
    event = _uploaded(shared_storage, "misnamed/a.csv")
    assert _post(host, [_body(event)], functionName=name).status_code == 202
    _all_done(host, shared_storage)
    assert app.names("misnamed/") == []


def test_a_failing_blob_is_tried_five_times_then_put_in_the_poison_queue(
    app: AppFolder, host: TriggerHost, shared_storage: Storage, subscription: EventSubscription
) -> None:
    subscription.deliver([_uploaded(shared_storage, "fails.csv")])
    (poison,) = wait_until(shared_storage.poison, "the message is put away")
    assert app.names("fails") == ["fails.csv"] * 5
    assert (poison["FunctionId"], poison["BlobName"], poison["ETag"]) == (
        "Host.Functions.arrived",
        "fails.csv",
        '"0x1"',
    )
    _all_done(host, shared_storage)


def test_without_the_system_key_nobody_is_let_in(host: TriggerHost, shared_storage: Storage) -> None:
    event = [_body(_uploaded(shared_storage, "key/a.csv"))]
    assert _post(host, event, code="").status_code == 401
    assert _post(host, event, code=host.function_key).status_code == 401
    assert requests.options(host.url + WEBHOOK, timeout=30).status_code == 401
    wrong = EventSubscription(host.url, "arrived", "wrong-key")
    with pytest.raises(EventNotTakenError, match="answered the event with 401") as refused:
        wrong.deliver([_event(shared_storage, "key/a.csv")])
    assert "wrong-key" not in str(refused.value)


def test_the_handshakes_of_both_schemas_are_answered(host: TriggerHost, subscription: EventSubscription) -> None:
    subscription.validate()
    wrapped = {"data": json.dumps({"validationCode": "c-1"})}
    assert _post(host, wrapped, "SubscriptionValidation").json() == {"validationResponse": "c-1"}
    origin = {"WebHook-Request-Origin": "eventgrid.azure.net"}
    asked = requests.options(host.url + WEBHOOK, params={"code": host.blobs_extension_key}, headers=origin, timeout=30)
    assert (asked.status_code, asked.headers["Webhook-Allowed-Origin"]) == (200, "eventgrid.azure.net")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ([], "Notification", 202),
        ([], "Unsubscribe", 202),
        ([], "Anything", 400),
        ([], "", 400),
        (b"{", "Notification", 500),
        ("text", "Notification", 500),
        ([{}], "Notification", 500),
        ([{"data": {"url": "https://a.blob.core.windows.net/c/n.csv"}}], "Notification", 500),
        ([{"data": {"blobType": "BlockBlob", "url": "https://a.blob.core.windows.net/c"}}], "Notification", 500),
        ([], "SubscriptionValidation", 500),
    ],
)
def test_what_is_no_delivery_is_answered_as_the_real_host_does(
    host: TriggerHost, body: object, kind: str, status: int
) -> None:
    answer = _post(host, body, kind)
    assert (answer.status_code, answer.content) == (status, b"")


def test_the_admin_api_gives_the_system_key_to_the_master_key_only(host: TriggerHost) -> None:
    address = f"{host.url}/admin/host/systemkeys/blobs_extension"
    given: dict[str, Any] = requests.get(address, headers={"x-functions-key": host.master_key}, timeout=30).json()
    assert given == {"name": "blobs_extension", "value": host.blobs_extension_key}
    assert requests.get(address, headers={"x-functions-key": host.function_key}, timeout=30).status_code == 401


def test_no_host_is_said_by_its_address_without_the_key(tmp_path: Path) -> None:
    nobody = EventSubscription("http://127.0.0.1:1", "arrived", f"secret-of-{tmp_path.name}")
    with pytest.raises(EventNotTakenError, match=r"no host at http://127\.0\.0\.1:1") as refused:
        nobody.validate()
    assert "secret-of" not in str(refused.value)


def _body(event: BlobCreated) -> dict[str, Any]:
    body = event.in_schema(EventSchema.EVENT_GRID)
    assert urlsplit(body["data"]["url"]).path.startswith("/")
    return body
