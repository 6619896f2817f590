"""Run documents, the index of open runs and slots, on a real Azurite."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from azure.storage.blob import BlobServiceClient
from msgspec.structs import replace

from functions.retraining.core.errors import Conflict, Unreadable
from functions.retraining.core.index import OpenRun, StoredSlot, index_of
from functions.retraining.core.run import Job, RunStatus
from functions.retraining.core.slot import Holder, Slot
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore

from .conftest import Wire
from .runs import run, version

pytestmark = pytest.mark.azurite


def test_nothing_is_there_before_the_first_write(store: StorageRunStore) -> None:
    assert list(store.open_runs()) == []
    assert list(store.ended_ids("pipeline")) == []
    assert store.load("20261122T080000Z-0123") is None
    assert store.ended("pipeline", "20261122T080000Z-0123") is None
    assert store.slot("pipeline") == StoredSlot(Slot(pipeline="pipeline"), None)
    store.discard(run())


def test_the_container_is_made_by_the_first_write_and_not_asked_for_again(store: StorageRunStore, wire: Wire) -> None:
    store.save(run(), None)
    assert wire.taken() == ["PUT", "PUT", "PUT"]  # refused, container, document
    store.save(run("second"), None)
    assert wire.taken() == ["PUT"]


def test_a_run_is_read_as_it_was_written(store: StorageRunStore) -> None:
    saved = store.save(run("Wöchentliches Training #1 (日本)"), None)
    assert store.load(saved.run.id) == saved


def test_creating_a_run_twice_is_a_conflict(store: StorageRunStore) -> None:
    store.save(run(), None)
    with pytest.raises(Conflict, match=r"open/.*somebody else wrote first"):
        store.save(run(), None)


def test_changing_a_version_that_somebody_changed_is_a_conflict_and_changes_nothing(store: StorageRunStore) -> None:
    first = store.save(run(), None)
    second = store.save(replace(first.run, attempt=1), first.etag)
    with pytest.raises(Conflict):
        store.save(replace(first.run, attempt=7), first.etag)
    assert store.load(first.run.id) == second


def test_changing_a_run_that_was_discarded_is_a_conflict_and_brings_nothing_back(store: StorageRunStore) -> None:
    saved = store.save(run(), None)
    store.discard(saved.run)
    with pytest.raises(Conflict):
        store.save(replace(saved.run, attempt=1), saved.etag)
    assert store.load(saved.run.id) is None


def test_each_operation_is_one_request(store: StorageRunStore, wire: Wire) -> None:
    first = store.save(run(), None)
    wire.taken()
    saved = store.save(first.run, first.etag)
    assert wire.taken() == ["PUT"]
    store.load(saved.run.id)
    assert wire.taken() == ["GET"]
    list(store.open_runs())
    assert wire.taken() == ["GET list"]
    store.archive(saved.run)
    assert wire.taken() == ["PUT"]
    store.discard(saved.run)
    assert wire.taken() == ["DELETE"]
    store.ended("pipeline", saved.run.id)
    assert wire.taken() == ["GET"]
    list(store.ended_ids("pipeline"))
    assert wire.taken() == ["GET list"]
    slot = store.save_slot(Slot(pipeline="pipeline"), None)
    assert wire.taken() == ["PUT"]
    store.slot("pipeline")
    assert wire.taken() == ["GET"]
    store.save_slot(slot.slot, slot.etag)
    assert wire.taken() == ["PUT"]


@pytest.mark.parametrize("pipeline", ["pipeline", "Weekly retraining", "Wöchentlich 日本", "a=b#c;d", "it's (100)"])
def test_the_index_says_what_the_document_says(pipeline: str, store: StorageRunStore, now: datetime) -> None:
    job = Job(id="da9bf623a63c452c975c9d79d21c5ef8", submitted_at=now)
    running = replace(
        run(pipeline), status=RunStatus.RUNNING, job=job, next_check_at=now, attempt=1, attempt_started_at=now
    )
    store.save(running, None)
    assert list(store.open_runs()) == [OpenRun(running.id, pipeline, RunStatus.RUNNING, now, job.id, now)]


def test_the_index_follows_every_change(store: StorageRunStore, now: datetime) -> None:
    first = store.save(run(), None)
    later = replace(first.run, next_check_at=now + timedelta(hours=1), status=RunStatus.SUBMITTING)
    store.save(later, first.etag)
    (line,) = store.open_runs()
    assert (line.next_check_at, line.status) == (later.next_check_at, RunStatus.SUBMITTING)
    assert (line.job, line.attempt_started_at) == (None, None)


def test_the_index_holds_open_runs_only(store: StorageRunStore) -> None:
    runs = [store.save(run(blob=version(etag=f"0x{number}")), None).run for number in range(3)]
    store.archive(runs[0])
    store.discard(runs[0])
    store.save_slot(Slot(pipeline="open"), None)
    assert {line.id for line in store.open_runs()} == {each.id for each in runs[1:]}
    assert list(store.ended_ids("pipeline")) == [runs[0].id]


def test_a_document_whose_index_line_was_lost_still_appears(
    store: StorageRunStore, service: BlobServiceClient, container: str
) -> None:
    saved = store.save(run("Weekly"), None)
    service.get_blob_client(container, f"open/{saved.run.id}.json").set_blob_metadata({})
    (line,) = store.open_runs()
    assert line == OpenRun(saved.run.id, "Weekly", RunStatus.WAITING, saved.run.next_check_at)


def test_a_document_that_nobody_can_read_hides_no_other_run(
    store: StorageRunStore, service: BlobServiceClient, container: str
) -> None:
    saved = store.save(run(), None)
    service.get_blob_client(container, "open/20250101T000000Z-damaged.json").upload_blob(b"{}")
    service.get_blob_client(container, "open/readme.txt").upload_blob(b"not ours")
    damaged, healthy = store.open_runs()
    assert (damaged.id, damaged.pipeline) == ("20250101T000000Z-damaged", "")
    assert f"{container}/open/20250101T000000Z-damaged.json is damaged" in str(damaged.unreadable)
    assert healthy.id == saved.run.id


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "on fire"},
        {"nextcheck": "tomorrow"},
        {"nextcheck": "2026-11-22T08:00:00"},
        {"attemptstarted": "2026-11-22T08:00:00"},
        {"nextcheck": ""},
    ],
    ids=["unknown status", "no time", "a time without a zone", "an attempt without a zone", "an empty time"],
)
def test_a_broken_index_line_is_made_anew_from_the_document(
    broken: dict[str, str], store: StorageRunStore, service: BlobServiceClient, container: str, now: datetime
) -> None:
    saved = store.save(replace(run(), attempt_started_at=now), None)
    blob = service.get_blob_client(container, f"open/{saved.run.id}.json")
    facts = dict(blob.get_blob_properties().metadata)
    blob.set_blob_metadata({key: value for key, value in (facts | broken).items() if value})
    assert list(store.open_runs()) == [index_of(saved.run)]


def test_a_run_is_archived_once_and_the_first_document_stands(store: StorageRunStore) -> None:
    ended = replace(run(), status=RunStatus.SUCCEEDED)
    assert store.archive(ended) == ended
    late = replace(ended, status=RunStatus.FAILED)
    assert store.archive(late) == ended
    assert store.ended("pipeline", ended.id) == ended


def test_ended_ids_are_those_of_one_pipeline(store: StorageRunStore) -> None:
    first, second = run("train"), run("training")
    store.archive(first)
    store.archive(second)
    assert list(store.ended_ids("train")) == [first.id]
    assert list(store.ended_ids("training")) == [second.id]


@pytest.mark.parametrize("pipeline", ["pipeline", "Wöchentlich 日本 #1"])
def test_a_slot_is_written_on_condition_only(pipeline: str, store: StorageRunStore, now: datetime) -> None:
    first = store.save_slot(Slot(pipeline=pipeline, active=(Holder(run="a", since=now),)), None)
    assert store.slot(pipeline) == first
    with pytest.raises(Conflict):
        store.save_slot(Slot(pipeline=pipeline, active=(Holder(run="b", since=now),)), None)
    second = store.save_slot(Slot(pipeline=pipeline), first.etag)
    with pytest.raises(Conflict):
        store.save_slot(Slot(pipeline=pipeline, active=(Holder(run="b", since=now),)), first.etag)
    assert store.slot(pipeline) == second


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"{}", b'{"schema":1}', b'{"schema":2,"id":"x"}', b"[" * 5000]
)
def test_a_damaged_document_is_named_and_left_as_it_is(
    content: bytes, store: StorageRunStore, service: BlobServiceClient, container: str
) -> None:
    store.save(run(), None)
    blobs: dict[str, Callable[[], object]] = {
        f"{container}/open/r.json": lambda: store.load("r"),
        f"{container}/runs/pipeline/r.json": lambda: store.ended("pipeline", "r"),
        f"{container}/pipelines/p.json": lambda: store.slot("p"),
    }
    for path, read in blobs.items():
        blob = service.get_blob_client(container, path.partition("/")[2])
        blob.upload_blob(content)
        with pytest.raises(Unreadable, match=path):
            read()
        assert blob.download_blob().readall() == content


def test_a_document_that_was_copied_over_another_one_is_not_taken_for_it(
    store: StorageRunStore, service: BlobServiceClient, container: str
) -> None:
    """It would be saved, or deleted, under the other's name."""
    other = store.save(run(), None).run
    store.archive(other)
    store.save_slot(Slot(pipeline="other"), None)
    copies: dict[str, Callable[[], object]] = {
        "open/r.json": lambda: store.load("r"),
        "runs/pipeline/r.json": lambda: store.ended("pipeline", "r"),
        "pipelines/p.json": lambda: store.slot("p"),
    }
    sources = [f"open/{other.id}.json", f"runs/pipeline/{other.id}.json", "pipelines/other.json"]
    for source, (name, read) in zip(sources, copies.items(), strict=True):
        content = service.get_blob_client(container, source).download_blob().readall()
        service.get_blob_client(container, name).upload_blob(content)
        with pytest.raises(Unreadable, match=rf"{container}/{name} is damaged .* not [rp]\."):
            read()


def test_documents_are_json_for_people(store: StorageRunStore, service: BlobServiceClient, container: str) -> None:
    saved = store.save(run(), None)
    blob = service.get_blob_client(container, f"open/{saved.run.id}.json")
    assert blob.get_blob_properties().content_settings.content_type == "application/json; charset=utf-8"
    assert blob.download_blob().readall().startswith(b'{\n "schema": 1,\n')


def test_a_container_name_that_does_not_exist_lists_nothing(service: BlobServiceClient, container: str) -> None:
    assert list(Documents(service, container).listed("open/")) == []
