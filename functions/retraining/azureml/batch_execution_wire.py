"""Batch execution on the wire: requests from intent, observations from answers. Pure; docs/wire/batch-execution.md."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from functions.retraining.core.blobs import BlobLocation, KeyedLocation
from functions.retraining.core.definitions import BatchExecutionActivity
from functions.retraining.core.observed import JobSeen, JobStatus
from functions.retraining.core.redact import excerpt
from functions.retraining.core.secret import Secret
from functions.retraining.core.slices import TextFormat

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


@dataclass(frozen=True)
class References:
    """Where a job's blobs are: one unnamed input, or inputs by port; outputs by port."""

    single_input: BlobLocation | KeyedLocation | None
    inputs: Mapping[str, BlobLocation | KeyedLocation]
    outputs: Mapping[str, BlobLocation | KeyedLocation]


def jobs_url(ml_endpoint: str) -> str:
    """The `/jobs` URL of an `mlEndpoint`, which people copy with and without query and slash."""
    return ml_endpoint.partition("?")[0].rstrip("/")


def submit_body(activity: BatchExecutionActivity, references: References, uploaded: datetime) -> dict[str, Any]:
    """The job: its blobs by reference, never any content; the parameters as they are for an example uploaded then.

    `Input` is the single form, `Inputs` the one with named ports; both at once is refused by the service.
    """
    body: dict[str, Any] = {
        "Outputs": {port: reference_body(place) for port, place in references.outputs.items()},
        "GlobalParameters": parameters(activity.global_parameters, uploaded),
    }
    if references.single_input:
        return {"Input": reference_body(references.single_input), **body}
    return {"Inputs": {port: reference_body(place) for port, place in references.inputs.items()}, **body}


def reference_body(place: BlobLocation | KeyedLocation) -> dict[str, str]:
    """A blob reference: by connection string, or by base, path and signature."""
    if isinstance(place, KeyedLocation):
        return {"ConnectionString": place.connection_string.reveal(), "RelativeLocation": place.relative}
    return {"BaseLocation": place.base, "RelativeLocation": place.relative, "SasBlobToken": place.sas.reveal()}


def parameters(declared: Mapping[str, str | TextFormat], uploaded: datetime) -> dict[str, str]:
    """The global parameters as text, those with slice times filled in."""
    return {name: value.text(uploaded) if isinstance(value, TextFormat) else value for name, value in declared.items()}


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
    except (ValueError, KeyError):
        why = f"StatusCode {excerpt(str(status.status_code), 80)!r}"
        raise unreadable(what, answer, "a job status", why) from None  # its words quote the code as it came
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
