"""BES over HTTP: five operations, as the service's own swagger lists them, without its swagger and execute paths."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request

from devstack.studio.answers import json_answer, nothing
from devstack.studio.bes.job import Job, JobStatus
from devstack.studio.bes.job_request import read_job_request
from devstack.studio.cloud import cloud
from devstack.studio.errors import Refusal
from devstack.studio.execution_access import execution_access
from devstack.studio.faults import FaultKind
from devstack.studio.provenance import documented

bes = Blueprint("bes", __name__, url_prefix="/workspaces/<workspace_id>/services/<endpoint_id>/jobs")

# azure-docs, retrain-classic-web-service.md: the example token's st and se lie about a day apart.
SAS_LIFETIME: Final = timedelta(hours=24)
_EXPIRED: Final = timedelta(hours=-1)


@bes.post("")
@documented("azuremlps swagger.api.json; azure-docs web-service-error-codes.md for what is refused")
def submit(workspace_id: str, endpoint_id: str) -> Response:
    """Register a job; answers its id as a JSON string."""
    service, _ = execution_access(workspace_id, endpoint_id)
    if not service.trains:
        raise Refusal("OperationNotSupported", "This local studio has no batch scoring: only training services.")
    return json_answer(cloud().jobs.submit(read_job_request(request.get_data(), service, endpoint_id)))


@bes.post("/<job_id>/start")
@documented("azuremlps swagger.api.json: 204; azure-docs web-service-error-codes.md: CannotStartJob")
def start(workspace_id: str, endpoint_id: str, job_id: str) -> Response:
    """Queue a registered job."""
    execution_access(workspace_id, endpoint_id)
    faults, jobs = cloud().faults, cloud().jobs
    jobs.get(job_id, endpoint_id)
    fails = faults.strike("bes.start", {FaultKind.JOB_FAILS})
    stalls = faults.strike("bes.start", {FaultKind.JOB_STALLS})
    jobs.start(job_id, endpoint_id, stalls=stalls is not None, fails=fails.details if fails else None)
    return nothing()


@bes.get("/<job_id>")
@documented("azuremlps swagger.api.json and response.final.json; azure-docs retrain-classic-web-service.md")
def status(workspace_id: str, endpoint_id: str, job_id: str) -> Response:
    """How a job stands: always `StatusCode`, `Results` and `Details`."""
    execution_access(workspace_id, endpoint_id)
    job = cloud().jobs.status_call(job_id, endpoint_id)
    if cloud().faults.strike("bes.status", {FaultKind.JOB_VANISHES}):
        cloud().jobs.vanish(job)
        raise Refusal("JobNotFound", job_id)
    return json_answer(_status_body(job))


@bes.delete("/<job_id>")
@documented("azuremlps swagger.api.json: 204. For a job that has ended no source says; here 204 and no change")
def cancel(workspace_id: str, endpoint_id: str, job_id: str) -> Response:
    """Stop a job."""
    # One published client sends no api-version here.
    execution_access(workspace_id, endpoint_id, version_may_be_absent=True)
    cloud().jobs.cancel(cloud().jobs.get(job_id, endpoint_id))
    return nothing()


def _status_body(job: Job) -> dict[str, object]:
    # Read once: the job goes on while it is described.
    current = job.status
    as_text = cloud().settings.status_code_as == "text"
    return {
        "StatusCode": current.text if as_text else int(current),
        "Results": _results(job) if current is JobStatus.FINISHED else None,
        "Details": job.details,
    }


def _results(job: Job) -> dict[str, dict[str, str | None]]:
    expired = cloud().faults.strike("bes.status", {FaultKind.EXPIRED_SAS})
    lifetime = _EXPIRED if expired else SAS_LIFETIME
    return {port: output.with_container_sas(lifetime).to_wire() for port, output in job.request.outputs.items()}
