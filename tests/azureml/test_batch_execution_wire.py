"""Batch execution's decoders and bodies against recorded shapes."""

import pytest

from functions.retraining.azureml.answers import Answer
from functions.retraining.azureml.batch_execution_wire import (
    References,
    decode_job_id,
    decode_status,
    jobs_url,
    parameters,
    submit_body,
)
from functions.retraining.core.blobs import BlobLocation, KeyedLocation
from functions.retraining.core.errors import OutcomeUnknown
from functions.retraining.core.observed import JobSeen, JobStatus
from functions.retraining.core.secret import Secret
from functions.retraining.core.slices import SliceTime, Step, TextFormat

from .made_up import CONNECTION_STRING, SAS, UPLOADED, leaks, pipeline
from .recorded import names, recorded

JOBS = "https://ussouthcentral.services.azureml.net/workspaces/W/services/E/jobs"


def status(sample: str, output: str = "output1") -> JobSeen:
    return decode_status("get job j", recorded(f"status/{sample}"), output)


@pytest.mark.parametrize("tail", ["", "/", "?api-version=2.0", "/?api-version=2.0", "?api-version=2.0&x=/y/"])
def test_an_ml_endpoint_is_the_jobs_url_with_or_without_query_and_slash(tail: str) -> None:
    assert jobs_url(JOBS + tail) == JOBS


KEYED = KeyedLocation(Secret(CONNECTION_STRING), "labeledexamples/2026/spring examples.arff")
MODEL_PLACE = KeyedLocation(Secret(CONNECTION_STRING), "trainingoutput/2016/model.ilearner")
SIGNED = BlobLocation(
    base="https://examples.blob.core.windows.net/", relative="labeledexamples/a b.csv", sas=Secret(SAS)
)


def test_the_single_form_names_the_example_by_reference_as_input() -> None:
    activity = pipeline(JOBS).batch_execution
    assert submit_body(activity, References(KEYED, {}, {"output1": MODEL_PLACE}), UPLOADED) == {
        "Input": {
            "ConnectionString": CONNECTION_STRING,
            "RelativeLocation": "labeledexamples/2026/spring examples.arff",
        },
        "Outputs": {
            "output1": {
                "ConnectionString": CONNECTION_STRING,
                "RelativeLocation": "trainingoutput/2016/model.ilearner",
            },
        },
        "GlobalParameters": {"Learning rate": "0.1", "Grüße": "ja"},
    }


def test_the_form_with_ports_names_each_input_under_its_port_and_no_single_input() -> None:
    activity = pipeline(JOBS, ports=True).batch_execution
    body = submit_body(activity, References(None, {"input1": KEYED, "input2": SIGNED}, {}), UPLOADED)
    assert "Input" not in body
    assert body["Inputs"] == {
        "input1": {
            "ConnectionString": CONNECTION_STRING,
            "RelativeLocation": "labeledexamples/2026/spring examples.arff",
        },
        "input2": {
            "BaseLocation": "https://examples.blob.core.windows.net/",
            "RelativeLocation": "labeledexamples/a b.csv",
            "SasBlobToken": SAS,
        },
    }


def test_no_input_at_all_is_an_empty_map() -> None:
    body = submit_body(pipeline(JOBS, ports=True).batch_execution, References(None, {}, {}), UPLOADED)
    assert body["Inputs"] == {}
    assert "Input" not in body


def test_slice_times_in_parameters_are_the_examples_upload_time() -> None:
    day_before = SliceTime((Step("AddDays", -1),))
    declared: dict[str, str | TextFormat] = {
        "plain": "{0}",
        "when": TextFormat("day={0:yyyyMMdd}&next={1:yyyy-MM-dd HH:mm}", (SliceTime(), day_before)),
    }
    assert parameters(declared, UPLOADED) == {"plain": "{0}", "when": "day=20261122&next=2026-11-21 08:00"}


def test_a_registered_job_is_its_id() -> None:
    assert decode_job_id("submit", recorded("submit/registered")) == "da9bf623a63c452c975c9d79d21c5ef8"


@pytest.mark.parametrize("sample", [name for name in names("submit") if name != "submit/registered"])
def test_a_yes_without_a_job_id_leaves_the_outcome_unknown(sample: str) -> None:
    with pytest.raises(OutcomeUnknown, match="something else than a job id") as caught:
        decode_job_id("submit a job", recorded(sample))
    assert caught.value.status == 200


@pytest.mark.parametrize("job_id", ["", "../../other", "a b", "日本語", "²³", "x" * 65, "-", "a?b"])
def test_what_cannot_be_a_part_of_a_url_is_no_job_id(job_id: str) -> None:
    answer = Answer(200, {}, f'"{job_id}"'.encode())
    with pytest.raises(OutcomeUnknown, match="job id"):
        decode_job_id("submit a job", answer)


def test_a_job_id_may_be_written_with_dashes() -> None:
    answer = Answer(200, {}, b'"da9bf623-a63c-452c-975c-9d79d21c5ef8"')
    assert decode_job_id("submit a job", answer) == "da9bf623-a63c-452c-975c-9d79d21c5ef8"


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("not-started", JobStatus.NOT_STARTED),
        ("running", JobStatus.RUNNING),
        ("only-code", JobStatus.RUNNING),
        ("failed", JobStatus.FAILED),
        ("cancelled", JobStatus.CANCELLED),
        ("finished", JobStatus.FINISHED),
        ("finished-with-times", JobStatus.FINISHED),
        ("as-number-not-started", JobStatus.NOT_STARTED),
        ("as-number-running", JobStatus.RUNNING),
        ("as-number-failed", JobStatus.FAILED),
        ("as-number-cancelled", JobStatus.CANCELLED),
        ("as-number-finished", JobStatus.FINISHED),
    ],
)
def test_a_status_is_understood_as_text_and_as_number(sample: str, expected: JobStatus) -> None:
    assert status(sample).status is expected


@pytest.mark.parametrize("sample", ["finished", "finished-with-times", "finished-legacy-result", "as-number-finished"])
def test_a_finished_job_says_where_the_trained_model_is(sample: str) -> None:
    location = status(sample).location
    assert location is not None
    assert location.url.reveal() == f"https://examples.blob.core.windows.net/trainingoutput/2016/model.ilearner{SAS}"


def test_only_the_wanted_output_counts() -> None:
    location = status("finished", "output2").location
    assert location is not None
    assert location.relative == "trainingoutput/evaluation.csv"


@pytest.mark.parametrize(
    ("sample", "there"),
    [
        ("finished-other-output", "['output2']"),
        ("finished-null-results", "[]"),
        ("finished-null-output", "['output1']"),
        ("finished-half-location", "['output1']"),
    ],
)
def test_a_finished_job_without_the_wanted_output_says_which_ones_are_there(sample: str, there: str) -> None:
    seen = status(sample)
    assert seen == JobSeen(JobStatus.FINISHED, None, f"output 'output1' is wanted, {there} are there")


def test_a_failed_job_brings_the_services_own_words_on_one_line_without_the_key_in_them() -> None:
    details = status("failed").details
    assert details.startswith("0:Error 0018: Training dataset of invalid data. Input uploaded from DefaultEndpoints")
    assert details.endswith("AccountKey=*** failed.")
    assert not leaks(details)


def test_details_of_another_shape_are_shown_as_they_are() -> None:
    assert status("failed-structured").details == '{"Number":18,"Message":"Training dataset of invalid data."}'


@pytest.mark.parametrize(
    ("sample", "why"),
    [
        ("missing-keys", "StatusCode"),
        ("unknown-code", "Paused"),
        ("number-out-of-range", "5"),
        ("truncated", "truncated"),
        ("wrong-types", r"\$.Results"),
    ],
)
def test_what_is_no_status_says_why_and_shows_nothing_of_it(sample: str, why: str) -> None:
    with pytest.raises(OutcomeUnknown, match=f"something else than a job status.*{why}") as caught:
        status(sample)
    assert not leaks(str(caught.value))
