"""What the run documents tell: damaged ones, the oldest open run, ticks that do not come, dead letters."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import Origin, Run, RunStatus, new_run
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.doctor.patient import Patient

pytestmark = pytest.mark.azurite


def test_a_damaged_document_is_named_with_what_to_do(patient: Patient) -> None:
    patient.upload(patient.containers.state, "open/20261122T080000Z-0123456789ab.json", b"{damaged")

    problem = patient.examined().the_problem()

    assert problem["area"] == "state"
    assert "open/20261122T080000Z-0123456789ab.json" in problem["subject"]
    assert problem["to_do"]


def test_a_damaged_slot_is_named(patient: Patient) -> None:
    patient.upload(patient.containers.state, "pipelines/pipeline.json", b'{"schema": 99}')

    assert "pipelines/pipeline.json" in patient.examined().the_problem()["subject"]


def test_the_oldest_open_run_is_told_with_what_it_waits_for(patient: Patient) -> None:
    now = datetime.now(UTC)
    _save(patient, "newer", created=now - timedelta(minutes=3), next_check=now)
    oldest = _save(patient, "older", created=now - timedelta(minutes=42), next_check=now)

    seen = patient.examined()

    assert seen.problems == []
    (told,) = seen.of("state", "open runs")
    assert "2 open" in told["found"]
    assert f"{oldest.id}, is waiting since 42 minutes" in told["found"]
    assert "waits for the slot" in told["found"]


def test_a_run_that_no_tick_looked_at_says_that_the_timer_does_not_tick(patient: Patient) -> None:
    now = datetime.now(UTC)
    late = now - timedelta(hours=1)
    _save(patient, "late", created=now - timedelta(hours=2), next_check=late, status=RunStatus.SUBMITTED)

    problem = patient.examined().the_problem()

    assert problem["subject"] == "poll_runs"
    assert "60 minutes ago" in problem["found"]


@pytest.mark.parametrize("status", [RunStatus.WAITING, RunStatus.RUNNING, RunStatus.UPDATING])
def test_a_run_that_waits_for_others_for_an_hour_says_nothing_of_the_timer(patient: Patient, status: RunStatus) -> None:
    """Its line, its job or its update is asked after at each tick, and what has not changed is not written again."""
    now = datetime.now(UTC)
    late = now - timedelta(hours=1)
    _save(patient, "in line", created=now - timedelta(hours=2), next_check=late, status=status)

    assert patient.examined().problems == []


def test_dead_letters_are_counted(patient: Patient) -> None:
    patient.settings["DEAD_LETTER_CONTAINER"] = patient.containers.archive
    patient.settings["MODEL_ARCHIVE_CONTAINER"] = "models-elsewhere"
    assert patient.examined().problems == []

    patient.upload(patient.containers.archive, "topic/subscription/2026/11/22/8/one.json", b"[]")
    problem = patient.examined().the_problem()

    assert "holds 1 dead letter" in problem["found"]


def _save(
    patient: Patient, name: str, *, created: datetime, next_check: datetime, status: RunStatus = RunStatus.WAITING
) -> Run:
    blob = BlobVersion(container="labeledexamples", name=name, etag=f"0x{name}", last_modified=created, size=1)
    begun = new_run("pipeline", Origin.LABELED_EXAMPLE, blob, created)
    run = Run(
        id=begun.id,
        pipeline=begun.pipeline,
        origin=begun.origin,
        blob=blob,
        status=status,
        created_at=created,
        next_check_at=next_check,
        waits_for="the slot",
    )
    StorageRunStore(Documents(patient.storage, patient.containers.state)).save(run, None)
    return run
