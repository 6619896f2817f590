"""Partitions, `$$` functions, folders with a filter: what a run makes of its example's upload time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.retraining.adf.words import describe
from functions.retraining.core.definitions import ExternalData, Pipeline, Validation
from functions.retraining.core.slices import TextFormat

from .factories import EXAMPLES, MODEL, PIPELINE, Change, append, both, drop, faults_of, load_changed, put

INSIDE = "properties.typeProperties"
BATCH = "properties.activities.0"
PARAMETERS = f"{BATCH}.typeProperties.globalParameters"
UPLOADED = datetime(2026, 3, 31, 21, 5, 7, tzinfo=UTC)


def partition(name: str, form: str, date: str = "SliceStart") -> dict[str, Any]:
    return {"name": name, "value": {"type": "DateTime", "date": date, "format": form}}


def pipeline(change: Change) -> Pipeline:
    factory = load_changed(change)
    assert factory.faults == ()
    return factory.pipelines[0]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("$$Text.Format('{0:yyyyMMdd}', SliceStart)", "20260331"),
        ("$$Text.Format('{0:yyyy-MM-ddTHH:mm:ss}', WindowEnd)", "2026-03-31T21:05:07"),
        ("$$Text.Format('from {0:dd} to {1:%d}!', SliceStart, SliceEnd)", "from 31 to 31!"),
        ("$$Text.Format('{1}-{0:HH}', Time.AddHours(SliceStart, -6), SliceEnd)", "03/31/2026 21:05:07-15"),
        ("$$Text.Format('{0:MMdd}', Date.AddMonths(SliceStart, -1))", "0228"),
        ("$$Text.Format('{0:MMdd HH:mm}', Date.EndOfMonth(Date.AddDays(SliceStart, 1)))", "0430 23:59"),
        ("$$Text.Format('{0:MMddHHmm}', Date.StartOfDay(Date.AddWeeks( SliceStart , 1 )))", "04070000"),
        ("$$text.format('x \\'{0:yyyy}\\' {{y}}', SliceStart)", "x '2026' {y}"),
        ("$$Text.Format('nothing')", "nothing"),
        ("$$SliceStart", "03/31/2026 21:05:07"),
        ("$$Time.StartOfHour(SliceEnd)", "03/31/2026 21:00:00"),
        ("$$Time.AddDays(Time.AddMinutes(SliceStart, 1), 1)", "04/01/2026 21:06:07"),
    ],
)
def test_a_function_is_sent_as_its_value_for_the_examples_upload_time(text: str, sent: str) -> None:
    value = pipeline(put(PIPELINE, PARAMETERS, {"day": text})).batch_execution.global_parameters["day"]
    assert isinstance(value, TextFormat)
    assert value.text(UPLOADED) == sent


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("$$Text.Format('{0:yyyy}')", "for which there is no argument"),
        ("$$Text.Format('{0:q', SliceStart)", "a brace that is no place"),
        ("$$Text.Format('{0:d}', SliceStart)", "a date format that is not known here"),
        ("$$Text.Format('{0}', Now)", "an argument that is not a slice's time"),
        ("$$Text.Format('{0}', Date.AddDays(SliceStart))", "an argument that is not a slice's time"),
        ("$$Text.Format('{0}', Date.AddYears(SliceStart, 9999))", "an argument that is not a slice's time"),
        ("$$Text.Format('{0}', Date.AddDays(SliceStart, 1, 2))", "an argument that is not a slice's time"),
        ("$$Text.Format('{0}', SliceStart", "is not a function that is known here"),
        ("$$DateTime.Ticks(SliceStart)", "is not a function that is known here"),
        ("$$" + "Date.AddDays(" * 30 + "SliceStart" + ",1)" * 30, "is not a function that is known here"),
    ],
)
def test_a_function_that_cannot_be_worked_out_is_a_fault(text: str, problem: str) -> None:
    ((where, said),) = faults_of(load_changed(put(PIPELINE, PARAMETERS, {"day": text})))
    assert where.endswith(".globalParameters.day")
    assert problem in said


def test_a_slices_time_without_dollars_is_a_word_with_a_notice() -> None:
    factory = load_changed(put(PIPELINE, PARAMETERS, {"day": "SliceStart"}))
    assert factory.pipelines[0].batch_execution.global_parameters == {"day": "SliceStart"}
    assert any("written $$SliceStart" in notice.problem for notice in factory.notices)


def test_what_a_setting_holds_is_no_function() -> None:
    factory = load_changed(put(PIPELINE, PARAMETERS, {"day": "%THE_DAY%"}), "classic", THE_DAY="$$SliceStart")
    assert factory.faults == ()
    assert factory.pipelines[0].batch_execution.global_parameters == {"day": "$$SliceStart"}


def test_a_partitioned_path_is_filled_with_the_upload_time_and_found_again_by_it() -> None:
    change = both(
        put(MODEL, f"{INSIDE}.folderPath", "trainingoutput/{Year}/{Day}"),
        put(MODEL, f"{INSIDE}.fileName", "{Time}.ilearner"),
        put(
            MODEL,
            f"{INSIDE}.partitionedBy",
            [partition("Year", "yyyy"), partition("Day", "MM/dd", "SliceEnd"), partition("Time", "HHmmss")],
        ),
        put(PIPELINE, f"{BATCH}.policy.concurrency", 10),
    )
    model = pipeline(change).trained_model
    assert model.blob_name_at(UPLOADED) == "2026/03/31/210507.ilearner"
    assert model.holds("trainingoutput", "2026/03/31/210507.ilearner")
    assert not model.holds("trainingoutput", "2026/03/31/model.ilearner")


def test_a_partition_can_be_of_a_time_that_functions_move() -> None:
    change = both(
        put(EXAMPLES, f"{INSIDE}.folderPath", "labeledexamples/{Month}"),
        put(EXAMPLES, f"{INSIDE}.partitionedBy", [partition("Month", "MMM", "Date.AddMonths(SliceStart, -1)")]),
    )
    (examples,) = pipeline(change).batch_execution.inputs
    assert examples.blob_name_at(UPLOADED) == "Feb/labeledexamples.arff"
    assert examples.holds("labeledexamples", "Dec/labeledexamples.arff")
    assert not examples.holds("labeledexamples", "out/labeledexamples.arff")


def test_concurrency_needs_places_that_change_with_each_second() -> None:
    change = both(
        put(MODEL, f"{INSIDE}.folderPath", "trainingoutput/{Day}"),
        put(MODEL, f"{INSIDE}.partitionedBy", [partition("Day", "yyyyMMdd")]),
        put(PIPELINE, f"{BATCH}.policy.concurrency", 2),
    )
    ((_, problem),) = faults_of(load_changed(change))
    assert "one blob for all of the 2 runs" in problem


def test_a_folder_with_a_filter_holds_what_passes_it() -> None:
    change = both(drop(EXAMPLES, f"{INSIDE}.fileName"), put(EXAMPLES, f"{INSIDE}.fileFilter", "ex[1]-?.*"))
    found = pipeline(change)
    (examples,) = found.batch_execution.inputs
    assert examples.holds("labeledexamples", "deep/ex[1]-a.csv")
    assert not examples.holds("labeledexamples", "ex1-a.csv")
    assert "every blob like ex[1]-?.* below labeledexamples/" in describe(found)[1]


def test_a_filter_beside_a_name_is_not_used() -> None:
    factory = load_changed(put(EXAMPLES, f"{INSIDE}.fileFilter", "*.csv"))
    assert factory.faults == ()
    assert factory.pipelines[0].batch_execution.inputs[0].file_filter is None
    assert any(notice.where.endswith("fileFilter") for notice in factory.notices)


def test_validation_and_external_data_are_read_and_said() -> None:
    external = {"dataDelay": "00:05:00", "retryInterval": "00:02:00", "retryTimeout": "00:30:00", "maximumRetry": 0}
    change = both(
        put(EXAMPLES, "properties.policy", {"validation": {"minimumSizeMB": 0.5, "minimumRows": 20}}),
        put("dataset/other.json", "properties.policy", {"externalData": external}),
        put(PIPELINE, f"{BATCH}.typeProperties.webServiceInputs", {"one": "trainingData", "two": "other"}),
        drop(PIPELINE, f"{BATCH}.typeProperties.webServiceInput"),
        append(PIPELINE, f"{BATCH}.inputs", {"name": "other"}),
    )

    def with_other(parsed: dict[str, Any]) -> None:
        properties = parsed[EXAMPLES]["properties"]
        inside = properties["typeProperties"] | {"fileName": "other.tsv"}
        parsed["dataset/other.json"] = {"name": "other", "properties": properties | {"typeProperties": inside}}
        change(parsed)

    found = pipeline(with_other)
    first, second = found.batch_execution.inputs
    assert first.validation == Validation(minimum_size_mb=0.5, minimum_rows=20)
    assert first.external_data == ExternalData()
    assert second.external_data == ExternalData(
        timedelta(minutes=5), timedelta(minutes=2), timedelta(minutes=30), maximum_retry=0
    )
    said = "\n".join(describe(found))
    assert "starts when one of its blobs arrives, as soon as the others are there:" in said
    assert "looked for up to 4 times, every 1 minute for 10 minutes" in said
    assert "it must have at least 0.5 MB and 20 rows" in said
    assert "looked for once from 5 minutes after the arrival on, every 2 minutes for 30 minutes" in said
    assert "trains with it as inputs 'one' and 'two'" in said


def test_the_whole_policy_is_read_and_said() -> None:
    policy = {
        "delay": "00:01:00",
        "retry": 2,
        "retryIntervalInSeconds": 90,
        "longRetry": 3,
        "longRetryInterval": "1.00:00:00",
        "executionPriorityOrder": "NewestFirst",
    }
    found = pipeline(
        both(put(PIPELINE, f"{BATCH}.policy", policy), put(PIPELINE, "properties.supersedeOlderExamples", value=True))
    )
    read = found.batch_execution.policy
    assert (read.delay, read.retry_interval) == (timedelta(minutes=1), timedelta(seconds=90))
    assert (read.retry, read.long_retry, read.long_retry_interval) == (2, 3, timedelta(days=1))
    assert found.supersede_older_examples
    said = "\n".join(describe(found))
    assert (
        "begins 1 minute after the arrival; no time limit; tried again 2 times, 1 minute 30 seconds later; "
        "all that in up to 3 rounds, 1 day apart" in said
    )
    assert "the newest goes first, and older ones are then superseded" in said
