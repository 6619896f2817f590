"""Batch execution on the wire: requests from intent, observations from answers. Pure; docs/wire/batch-execution.md."""

import re
from typing import Any

import msgspec

from functions.retraining.core.blobs import BlobLocation, BlobVersion
from functions.retraining.core.definitions import BatchExecutionActivity, BlobDataset, Pipeline
from functions.retraining.core.observed import JobSeen, JobStatus
from functions.retraining.core.redact import excerpt
from functions.retraining.core.secret import Secret

from .answers import Answer, decoded, unreadable

JOB_ID = r"[0-9A-Za-z][0-9A-Za-z-]{0,63}"
"""32 hexadecimal digits as published; wider, but always fit for a URL and for a blob's metadata."""


class _Location(msgspec.Struct, rename="pascal"):
    relative_location: str | None = None
    base_location: str | None = None
    sas_blob_token: str | None = None


class _Status(msgspec.Struct, rename="pascal"):
    status_code: str | int
    results: dict[str, _Location | None] | None = None
    result: _Location | None = None
    details: Any = None


def jobs_url(ml_endpoint: str) -> str:
    """The `/jobs` URL of an `mlEndpoint`, which people copy with and without query and slash."""
    return ml_endpoint.partition("?")[0].rstrip("/")


def submit_body(pipeline: Pipeline, blob: BlobVersion) -> dict[str, Any]:
    """The job: the example by reference, the outputs where the datasets want them, never any content.

    `Input` is the single form, `Inputs` the one with named ports; both at once is refused by the service.
    """
    activity = pipeline.batch_execution
    example = _reference(pipeline.labeled_examples, blob.path)
    body: dict[str, Any] = {"Outputs": _outputs(activity), "GlobalParameters": dict(activity.global_parameters)}
    if activity.web_service_input:
        return {"Input": example, **body}
    return {"Inputs": dict.fromkeys(activity.web_service_inputs, example), **body}


def decode_job_id(what: str, answer: Answer) -> str:
    """The id of the registered job: a JSON string. Raises OutcomeUnknown if there is none in the answer."""
    job_id = decoded(what, answer, str, "a job id")
    if not re.fullmatch(JOB_ID, job_id):
        raise unreadable(what, answer, "a job id", f"{job_id[:80]!r}")
    return job_id


def decode_status(what: str, answer: Answer, output: str) -> JobSeen:
    """The job's status, with the trained model's location at `output` once it is Finished.

    Raises OutcomeUnknown for anything that is no status.
    """
    status = decoded(what, answer, _Status, "a job status")
    try:
        code = _job_status(status.status_code)
    except (ValueError, KeyError) as error:
        why = f"StatusCode {str(status.status_code)[:80]!r}"
        raise unreadable(what, answer, "a job status", why) from error
    location = _location(status, output)
    return JobSeen(code, location, _details(status, code, output))


def _job_status(code: str | int) -> JobStatus:
    """Older services answer with 0..4, in the order of the text form."""
    if isinstance(code, str):
        return JobStatus(code)
    return dict(enumerate(JobStatus))[code]


def _location(status: _Status, output: str) -> BlobLocation | None:
    found = (status.results or {}).get(output) or status.result
    if not found or not found.base_location or not found.relative_location:
        return None
    sas = Secret(found.sas_blob_token or "")
    return BlobLocation(base=found.base_location, relative=found.relative_location, sas=sas)


def _details(status: _Status, code: JobStatus, output: str) -> str:
    if code is JobStatus.FINISHED:
        return f"output {output!r} is wanted, {sorted(status.results or {})} are there"
    if status.details is None:
        return ""
    text = status.details if isinstance(status.details, str) else msgspec.json.encode(status.details).decode()
    return excerpt(text, 2000)


def _outputs(activity: BatchExecutionActivity) -> dict[str, Any]:
    outputs = activity.web_service_outputs.items()
    return {port: _reference(dataset, f"{dataset.container}/{dataset.blob_name}") for port, dataset in outputs}


def _reference(dataset: BlobDataset, path: str) -> dict[str, str]:
    connection = dataset.linked_service.connection_string.reveal()
    return {"ConnectionString": connection, "RelativeLocation": path}
