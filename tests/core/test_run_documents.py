"""Run ids, and documents that mean the same whoever reads them (promise 10)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from functions.retraining.core import documents
from functions.retraining.core.blobs import BlobVersion, Model
from functions.retraining.core.errors import PermanentError, Unreadable
from functions.retraining.core.index import index_of
from functions.retraining.core.run import Failure, Job, Origin, Run, RunStatus, Step, Update, new_run, run_id
from functions.retraining.core.slot import Deployed, Holder, Slot, SlotClaim
from tests.support.properties import deterministic

from .runs import BLOB, NOW, run_in

TIMES = st.datetimes(datetime(2015, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
TEXT = st.text(max_size=20)
DEPLOYED = st.builds(Deployed, run=TEXT, blob_last_modified=TIMES, model=TEXT, at=TIMES)
SLOTS = st.builds(
    Slot,
    schema=st.just(1),
    pipeline=TEXT,
    active=st.lists(st.builds(Holder, run=TEXT, since=TIMES), max_size=3).map(tuple),
    updating=st.none() | TEXT,
    deployed=st.none() | DEPLOYED,
    unverified=st.none() | DEPLOYED,
    previous=st.lists(DEPLOYED, max_size=2).map(tuple),
    ended=st.lists(TEXT, max_size=2).map(tuple),
    output_seen_until=st.none() | TIMES,
)
BLOBS = st.builds(BlobVersion, container=TEXT, name=TEXT, etag=TEXT, last_modified=TIMES, size=st.integers(0, 2**50))
FAILURES = st.builds(Failure, message=TEXT, call=TEXT, http_status=st.none() | st.integers(100, 599))
UPDATES = st.builds(
    Update,
    activity=TEXT,
    started_at=TIMES,
    next_check_at=TIMES,
    attempt=st.integers(1, 20),
    sent_at=st.none() | TIMES,
    operation=st.none() | TEXT,
    confirmed=st.booleans(),
    failures=st.integers(0, 99),
    waits_for=TEXT,
    outcome=st.none() | st.sampled_from(RunStatus),
    failure=st.none() | FAILURES,
)
RUNS = st.builds(
    Run,
    schema=st.just(1),
    id=TEXT,
    pipeline=TEXT,
    origin=st.sampled_from(Origin),
    blob=BLOBS,
    status=st.sampled_from(RunStatus),
    created_at=TIMES,
    next_check_at=TIMES,
    attempt=st.integers(0, 20),
    attempt_started_at=st.none() | TIMES,
    job=st.none() | st.builds(Job, id=TEXT, submitted_at=TIMES, cancelled_at=st.none() | TIMES),
    model=st.none() | st.builds(Model, container=TEXT, name=TEXT, archived_at=TIMES),
    inputs=st.dictionaries(TEXT, BLOBS, max_size=2),
    updates=st.lists(UPDATES, max_size=2).map(tuple),
    may_be_live=st.booleans(),
    failures=st.integers(0, 99),
    waits_for=TEXT,
    failure=st.none() | FAILURES,
    claim=st.none() | st.builds(SlotClaim, etag=TEXT, slot=SLOTS),
    history=st.lists(st.builds(Step, status=st.sampled_from(RunStatus), at=TIMES, note=TEXT), max_size=3).map(tuple),
)
GOLDEN = """{
 "schema": 1, "id": "20261122T083000Z-0123456789ab", "pipeline": "retraining", "origin": "labeledExample",
 "blob": {"container": "examples", "name": "day1.csv", "etag": "0x8D1", "last_modified": "2026-11-22T08:30:00Z",
          "size": 10},
 "status": "running", "createdAt": "2026-11-22T08:30:05Z", "nextCheckAt": "2026-11-22T08:30:09Z", "attempt": 1,
 "attemptStartedAt": "2026-11-22T08:30:06Z",
 "job": {"id": "job1", "submittedAt": "2026-11-22T08:30:07Z", "cancelledAt": null},
 "history": [{"status": "waiting", "at": "2026-11-22T08:30:05Z", "note": ""}], "somethingOfLater": [1]
}"""


@given(RUNS)
@deterministic(150)
def test_a_run_document_reads_as_it_was_written(run: Run) -> None:
    assert documents.decode_run(documents.encode(run), "x") == run


@given(SLOTS)
@deterministic(100)
def test_a_slot_document_reads_as_it_was_written(slot: Slot) -> None:
    assert documents.decode_slot(documents.encode(slot), "x") == slot


def test_a_document_of_the_first_release_still_means_the_same() -> None:
    run = documents.decode_run(GOLDEN.encode(), "x")
    assert (run.status, run.attempt, run.may_be_live, run.claim) == (RunStatus.RUNNING, 1, False, None)
    assert run.blob.last_modified == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert run.job == Job(id="job1", submitted_at=datetime(2026, 11, 22, 8, 30, 7, tzinfo=UTC))


@pytest.mark.parametrize("schema", [0, 2, 99])
def test_a_document_of_another_schema_is_refused_by_name(schema: int) -> None:
    newer = GOLDEN.replace('"schema": 1', f'"schema": {schema}').encode()
    with pytest.raises(Unreadable, match=f"open/one.json has schema {schema}; .* knows schema 1"):
        documents.decode_run(newer, "open/one.json")
    with pytest.raises(Unreadable, match=r"pipelines/p\.json has schema"):
        documents.decode_slot(f'{{"schema": {schema}, "pipeline": "p"}}'.encode(), "pipelines/p.json")


@given(st.binary(max_size=60) | st.integers(0, len(GOLDEN) - 3).map(lambda cut: GOLDEN.encode()[:cut]))
@deterministic(200)
def test_a_damaged_document_is_refused_by_name_and_nothing_else_is_raised(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"open/one\.json"):
        documents.decode_run(content, "open/one.json")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"running"', '"dancing"'),
        ('"attempt": 1', '"attempt": "1"'),
        ("2026-11-22T08:30:09Z", "soon"),
        ('"blob"', '"bob"'),
    ],
)
def test_a_document_with_a_wrong_value_is_refused(before: str, after: str) -> None:
    with pytest.raises(Unreadable, match="is damaged"):
        documents.decode_run(GOLDEN.replace(before, after).encode(), "x")


def test_bytes_that_are_no_text_are_damage_also_in_a_key_that_is_skipped() -> None:
    damaged = GOLDEN.encode().replace(b'"somethingOfLater"', b'"something\x80"')
    with pytest.raises(Unreadable, match="is damaged"):
        documents.decode_run(damaged, "x")


def test_a_time_without_a_zone_is_damage_not_a_guess() -> None:
    naive = GOLDEN.replace("2026-11-22T08:30:09Z", "2026-11-22T08:30:09").encode()
    with pytest.raises(Unreadable, match="is damaged"):
        documents.decode_run(naive, "x")


def test_a_document_is_one_key_a_line_for_people() -> None:
    lines = documents.encode(run_in(RunStatus.RUNNING)).decode().splitlines()
    assert ' "status": "running",' in lines


def test_no_secret_has_a_place_in_a_document() -> None:
    names = set(msgspec.json.schema_components([Run, Slot])[1])
    assert names == {
        "BlobVersion", "Deployed", "Failure", "Holder", "Job", "Model", "Origin", "Run", "RunStatus", "Slot",
        "SlotClaim", "Step", "Update",
    }  # fmt: skip


@given(BLOBS, BLOBS)
@deterministic(100)
def test_run_ids_are_derived_and_sort_by_the_blobs_time(one: BlobVersion, other: BlobVersion) -> None:
    assert run_id("p", one) == run_id("p", replace(one, size=one.size + 1))
    apart = abs(one.last_modified - other.last_modified) >= timedelta(seconds=1)
    if apart:
        assert (run_id("p", one) < run_id("p", other)) == (one.last_modified < other.last_modified)


@pytest.mark.parametrize("change", [{"name": "x"}, {"container": "x"}, {"etag": "x"}])
def test_another_blob_another_version_or_another_pipeline_is_another_run(change: dict[str, str]) -> None:
    assert run_id("p", replace(BLOB, **change)) != run_id("p", BLOB)
    assert run_id("q", BLOB) != run_id("p", BLOB)


def test_a_run_id_is_a_blob_name_that_needs_no_quoting() -> None:
    name = run_id("p ü/%", replace(BLOB, name="a b#?.csv"))
    assert name.replace("-", "").isalnum()
    assert name.isascii()


def test_a_new_run_waits_and_is_due_at_once() -> None:
    run = new_run("p", Origin.LABELED_EXAMPLE, BLOB, NOW)
    assert (run.status, run.next_check_at, run.id) == (RunStatus.WAITING, NOW, run_id("p", BLOB))
    assert index_of(run).due(NOW)


@pytest.mark.parametrize(
    ("facts", "job"),
    [
        ({}, "job1"),
        ({"failures": 1}, None),
        ({"waits_for": "the copy"}, None),
        ({"status": RunStatus.SUBMITTED}, None),
        ({"job": Job(id="job1", submitted_at=NOW, cancelled_at=NOW)}, None),
    ],
)
def test_the_index_names_the_job_only_where_it_is_enough_to_ask(facts: dict[str, object], job: str | None) -> None:
    assert index_of(replace(run_in(RunStatus.RUNNING), **facts)).job == job


def test_a_failure_keeps_the_services_facts() -> None:
    error = PermanentError("call", "words", status=403, code="Forbidden", request_id="r1")
    assert Failure.of(error) == Failure(
        message="words", call="call", http_status=403, code="Forbidden", request_id="r1"
    )
    assert str(error) == "call: words (HTTP 403, Forbidden, request r1)"
    assert str(PermanentError("call", "words")) == "call: words (no answer)"
