"""Batch execution's decoders and bodies against recorded shapes."""

import pytest

from functions.retraining.azureml.answers import Answer
from functions.retraining.azureml.batch_execution_wire import decode_job_id, decode_status, jobs_url, submit_body
from functions.retraining.core.errors import OutcomeUnknown
from functions.retraining.core.observed import JobSeen, JobStatus

from .made_up import BLOB, CONNECTION_STRING, SAS, leaks, pipeline
from .recorded import names, recorded

JOBS = "https://ussouthcentral.services.azureml.net/workspaces/W/services/E/jobs"


def status(sample: str, output: str = "output1") -> JobSeen:
    return decode_status("get job j", recorded(f"status/{sample}"), output)


@pytest.mark.parametrize("tail", ["", "/", "?api-version=2.0", "/?api-version=2.0", "?api-version=2.0&x=/y/"])
def test_an_ml_endpoint_is_the_jobs_url_with_or_without_query_and_slash(tail: str) -> None:
    assert jobs_url(JOBS + tail) == JOBS


def test_the_single_form_names_the_example_by_reference_as_input() -> None:
    body = submit_body(pipeline(JOBS), BLOB)
    assert body == {
        "Input": {
            "ConnectionString": CONNECTION_STRING,
            "RelativeLocation": "labeledexamples/2026/spring examples.arff",
        },
        "Outputs": {
            "output1": {
                "ConnectionString": CONNECTION_STRING,
                "RelativeLocation": "trainingoutput/2016/model.ilearner",
            },
            "output2": {"ConnectionString": CONNECTION_STRING, "RelativeLocation": "trainingoutput/evaluation.csv"},
        },
        "GlobalParameters": {"Learning rate": "0.1", "Grüße": "ja"},
    }


def test_the_form_with_ports_names_the_example_under_its_port_and_no_single_input() -> None:
    body = submit_body(pipeline(JOBS, ports=True), BLOB)
    assert "Input" not in body
    assert body["Inputs"] == {
        "input1": {
            "ConnectionString": CONNECTION_STRING,
            "RelativeLocation": "labeledexamples/2026/spring examples.arff",
        }
    }


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
