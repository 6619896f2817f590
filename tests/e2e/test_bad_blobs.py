"""Labeled examples that are named, made or handled in ways nobody wished for: a clear end, and the next one works."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.ports import ExampleBlobs
from functions.retraining.core.run import RunStatus
from functions.retraining.workflows.start import start_retraining
from tests.e2e.house import POOR, House

pytestmark = pytest.mark.azurite

STRANGE_NAMES = (
    "Grüße-数据-данные-🙂 with spaces.arff",
    "100%.arff",
    "%2Fencoded%20name.arff",
    "number#1.arff",
    'a&b=c+d;e?f, it\'s "quoted".arff',
    "nested/folders/très deep/example #2 100%.arff",
    "UPPER.ARFF",
)


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_a_strange_name_is_trained_on_under_exactly_that_name(folder_house: House, name: str) -> None:
    run = folder_house.retrained(name)

    assert run.blob.name == name
    submit = folder_house.studio.requests_to("bes.submit")[0]
    assert submit.body["Input"]["RelativeLocation"] == f"{folder_house.containers.examples}/{name}"


def test_a_blob_with_another_extension_is_skipped_in_words(folder_house: House) -> None:
    for name in ("examples.xlsx", "examples", "examples.csv.zip", "model.ilearner"):
        run = folder_house.begun(name)

        assert run.status is RunStatus.SKIPPED
        assert run.failure
        for part in (name, ".csv", ".tsv", ".arff"):
            assert part in run.failure.message
    _nothing_was_asked_and_the_next_upload_works(folder_house)


def test_a_blob_of_zero_bytes_is_skipped_in_words(folder_house: House) -> None:
    run = folder_house.begun("empty.csv", b"")

    assert run.status is RunStatus.SKIPPED
    assert run.failure
    assert "empty.csv is empty (0 bytes)" in run.failure.message
    (line,) = folder_house.events("run_skipped")
    assert "empty (0 bytes)" in line["note"]
    _nothing_was_asked_and_the_next_upload_works(folder_house)


def test_a_blob_that_no_pipeline_reads_is_named_in_the_log_with_what_is_read(house: House) -> None:
    house.upload("somethingelse.arff")

    assert house.app.start_retraining(house.containers.examples, "somethingelse.arff") == ()

    (line,) = house.events("blob_unmatched")
    assert line["blob"].endswith("/somethingelse.arff")
    assert line["expected"] == [f"{house.containers.examples}/labeledexamples.arff"]
    _nothing_was_asked_and_the_next_upload_works(house)


def test_a_blob_deleted_before_its_event_is_handled_begins_nothing(house: House) -> None:
    assert house.app.start_retraining(house.containers.examples, "labeledexamples.arff") == ()

    assert len(house.events("blob_gone")) == 1
    assert house.open_runs() == house.ended_runs() == []
    _nothing_was_asked_and_the_next_upload_works(house)


def test_a_blob_deleted_while_it_waits_is_skipped(folder_house: House) -> None:
    house = folder_house
    first, second = house.begun("first.arff"), house.begun("second.arff")
    house.delete("second.arff")

    ended = house.ended(second)

    assert house.run(first).status is RunStatus.SUCCEEDED
    assert ended.status is RunStatus.SKIPPED
    assert ended.failure
    assert "was deleted before it could be used" in ended.failure.message
    house.retrained("third.arff")


def test_a_blob_overwritten_while_it_waits_is_superseded_by_its_new_version(folder_house: House) -> None:
    house = folder_house
    house.begun("first.arff")
    old = house.begun("second.arff")
    new = house.begun("second.arff")

    ended = house.ended(old)

    assert old.id != new.id
    assert ended.status is RunStatus.SUPERSEDED
    assert ended.failure
    assert "was overwritten" in ended.failure.message
    assert house.ended(new).status is RunStatus.SUCCEEDED


def test_a_blob_deleted_between_event_and_submit_ends_in_the_services_own_words(house: House) -> None:
    house.upload()
    app = replace(house.app.app, blobs=GoneOnceSeen(house.app.app.blobs, house))

    (run,) = start_retraining(app, house.containers.examples, "labeledexamples.arff")

    assert run.status is RunStatus.FAILED
    assert run.failure
    assert run.failure.code == "BlobNotFound"
    assert "Unable to access the provided Azure blob" in run.failure.message
    house.retrained()


def test_training_that_cannot_read_the_examples_ends_in_the_services_details(house: House) -> None:
    run = house.ended(house.begun(content="@RELATION nothing\nthis is no ARFF at all"))

    assert run.status is RunStatus.FAILED
    assert run.attempt == 2, "the sample's policy has retry 1"
    assert run.failure
    assert run.failure.message.startswith("training failed: ")
    (line,) = house.events("run_failed")
    assert line["note"] == run.failure.message
    house.retrained()


@dataclass(frozen=True)
class GoneOnceSeen:
    """Storage in which a blob is deleted the moment after it was looked at."""

    blobs: ExampleBlobs
    house: House

    def version(self, container: str, name: str) -> BlobVersion | None:
        found = self.blobs.version(container, name)
        self.house.delete(name)
        return found

    def under(self, container: str, prefix: str) -> Iterator[BlobVersion]:
        return self.blobs.under(container, prefix)

    def has_rows(self, blob: BlobVersion, rows: int) -> bool:
        return self.blobs.has_rows(blob, rows)


def _nothing_was_asked_and_the_next_upload_works(house: House) -> None:
    assert house.routes().total() == 0
    house.retrained("labeledexamples.arff", POOR)
