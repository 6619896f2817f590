"""The polling blob trigger: what is delivered, how often, and what is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.trigger_host.process import TriggerHost
from tests.devstack.trigger_host.apps import BLOB_DOOR, AppFolder
from tests.devstack.trigger_host.conftest import Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

NAMES = [
    "plain.csv",
    "with space.csv",
    "ümläut-日本.csv",
    "100%.csv",
    "%20.csv",
    "a#b.csv",
    "a+b&c=d?.csv",
    "2026/11/nested.csv",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> AppFolder:
    return AppFolder(tmp_path_factory.mktemp("blobs"), BLOB_DOOR)


@pytest.fixture(scope="module")
def host(app: AppFolder, shared_storage: Storage) -> Iterator[TriggerHost]:
    shared_storage.upload("before/the host started.csv")
    with TriggerHost.start(app.root, {**shared_storage.settings, **app.settings}, app.state) as running:
        yield running


def test_a_blob_that_was_there_before_the_host_arrives(app: AppFolder, host: TriggerHost) -> None:
    assert host.functions == ["arrived"]
    wait_until(lambda: app.names("before/") == ["before/the host started.csv"], "the blob arrives")


def test_a_blob_arrives_by_its_exact_name_whatever_is_in_it(
    app: AppFolder, host: TriggerHost, shared_storage: Storage
) -> None:
    expected = [f"exact/{name}" for name in NAMES]
    for name in expected:
        shared_storage.upload(name)
    wait_until(lambda: len(app.names("exact/")) >= len(expected), "all blobs arrive")
    assert sorted(app.names("exact/")) == sorted(expected)
    assert {note[0] for note in app.seen} == {shared_storage.container.container_name}
    receipts = shared_storage.receipts(host, "arrived")
    assert {name for name, done in receipts.items() if done} >= set(expected)
    wait_until(lambda: shared_storage.queued(host) == 0, "the messages of finished runs are deleted")


def test_a_blob_that_does_not_match_the_pattern_is_left_alone(
    app: AppFolder, host: TriggerHost, shared_storage: Storage
) -> None:
    for name in ("a.txt", "b.csv.bak", "c.CSV", "z.csv"):
        shared_storage.upload(f"match/{name}")
    # Listings are sorted: when z has been run, the others have been looked at.
    wait_until(lambda: app.names("match/"), "the blob that does match arrives")
    assert app.names("match/") == ["match/z.csv"]
    assert [name for name in shared_storage.receipts(host, "arrived") if name.startswith("match/")] == ["match/z.csv"]


@pytest.mark.usefixtures("host")
def test_an_overwrite_and_a_metadata_write_each_fire_again(app: AppFolder, shared_storage: Storage) -> None:
    shared_storage.upload("again/a.csv", b"same bytes")
    wait_until(lambda: len(app.names("again/")) == 1, "the first delivery")
    shared_storage.upload("again/a.csv", b"same bytes")
    wait_until(lambda: len(app.names("again/")) == 2, "the overwrite")
    shared_storage.container.get_blob_client("again/a.csv").set_blob_metadata({"seen": "yes"})
    wait_until(lambda: len(app.names("again/")) == 3, "the metadata write")
    shared_storage.upload("again/z.csv")
    wait_until(lambda: "again/z.csv" in app.names("again/"), "a later blob arrives")
    assert app.names("again/") == [*["again/a.csv"] * 3, "again/z.csv"]


def test_a_restart_delivers_nothing_twice_and_what_came_meanwhile_once(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, BLOB_DOOR)
    settings = {**storage.settings, **app.settings}
    with TriggerHost.start(app.root, settings, app.state) as first:
        storage.upload("a.csv")
        wait_until(lambda: app.seen, "the first delivery")
        first_id, first_key = first.host_id, first.function_key
    storage.upload("b.csv")
    with TriggerHost.start(app.root, settings, app.state) as second:
        # Listings are sorted: when z has been run, a and b have been looked at.
        storage.upload("z.csv")
        wait_until(lambda: "z.csv" in app.names(), "a later blob arrives")
        assert sorted(app.names()) == ["a.csv", "b.csv", "z.csv"]
        assert (second.host_id, second.function_key) == (first_id, first_key)


def test_a_blob_deleted_or_overwritten_before_its_turn_is_not_run_in_its_old_version(
    tmp_path: Path, storage: Storage
) -> None:
    door = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}", connection="AzureWebJobsStorage")
def arrived(blob: BlobReference) -> None:
    if blob.name == "first":
        await_file("go")
    note(blob.name)
"""
    one_at_a_time = {"extensions": {"blobs": {"maxDegreeOfParallelism": 1}}}
    app = AppFolder(tmp_path, door, host_json=one_at_a_time)
    with TriggerHost.start(app.root, {**storage.settings, **app.settings}, app.state) as host:
        storage.upload("first")
        wait_until(lambda: storage.receipts(host, "arrived").get("first"), "the first is queued")
        for name in ("deleted", "overwritten"):
            storage.upload(name)
        wait_until(lambda: len(storage.receipts(host, "arrived")) == 3, "the others wait in the queue")
        storage.container.delete_blob("deleted")
        storage.upload("overwritten")
        app.put("go")
        wait_until(lambda: "overwritten" in app.names(), "the newer version runs")
        storage.upload("last")
        wait_until(lambda: "last" in app.names(), "a later blob arrives")
        assert app.names() == ["first", "overwritten", "last"]


def test_several_blobs_run_at_the_same_time(tmp_path: Path, storage: Storage) -> None:
    door = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}", connection="AzureWebJobsStorage")
def arrived(blob: BlobReference) -> None:
    note("begin", blob.name)
    await_file("go")
    note("end", blob.name)
"""
    app = AppFolder(tmp_path, door)
    with TriggerHost.start(app.root, {**storage.settings, **app.settings}, app.state):
        for name in ("a", "b"):
            storage.upload(name)
        wait_until(lambda: len(app.seen) == 2, "both have begun")
        assert {note[0] for note in app.seen} == {"begin"}
        app.put("go")
        wait_until(lambda: len(app.seen) == 4, "both end")


def test_each_of_two_functions_has_its_own_receipts_for_the_same_blob(tmp_path: Path, storage: Storage) -> None:
    door = """
@app.blob_trigger(arg_name="blob", path="%CONTAINER%/{name}", connection="Data")
def every(blob: BlobReference) -> None:
    note("every", blob.name)


@app.blob_trigger(arg_name="blob", path="%CONTAINER%/in/{name}", connection="Data")
async def some(blob: BlobReference) -> None:
    note("some", blob.name)
"""
    app = AppFolder(tmp_path, door)
    # A connection X is also found as AzureWebJobsX.
    settings = {**storage.settings, **app.settings, "AzureWebJobsData": storage.connection_string}
    with TriggerHost.start(app.root, settings, app.state):
        storage.upload("in/a")
        wait_until(lambda: len(app.seen) == 2, "both functions run")
        assert sorted(app.seen) == [["every", "in/a"], ["some", "in/a"]]


def test_a_container_made_after_the_start_is_watched(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, BLOB_DOOR)
    late = f"{storage.container.container_name}-late"
    with TriggerHost.start(app.root, {**storage.settings, **app.settings, "CONTAINER": late}, app.state) as host:
        container = storage.blobs.create_container(late)
        container.upload_blob("a.csv", b"x")
        wait_until(lambda: app.seen == [[late, "a.csv"]], "the blob arrives")
        assert "does not answer" not in host.log
        container.delete_container()
