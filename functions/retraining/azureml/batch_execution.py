"""The training web service's batch execution: submit, start, status, cancel."""

from azure.core.rest import HttpRequest

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.errors import NotFound
from functions.retraining.core.observed import JobSeen

from .answers import error_of, expect_success
from .batch_execution_wire import decode_job_id, decode_status, jobs_url, submit_body
from .pipeline import Service

API_VERSION = {"api-version": "2.0"}
CANNOT_START = "CannotStartJob"


class ClassicBatchExecution:
    """Keeps the promises of `core.ports.BatchExecution` for a classic training web service."""

    def __init__(self, pipeline: Pipeline, service: Service) -> None:
        self._pipeline = pipeline
        self._service = service
        self._jobs = jobs_url(pipeline.batch_execution.linked_service.ml_endpoint)

    def submit(self, blob: BlobVersion) -> str:
        """Register a job on this example; its id. Sent once; nothing runs before `start`."""
        what = f"submit a job on {blob.path}"
        request = HttpRequest("POST", self._jobs, params=API_VERSION, json=submit_body(self._pipeline, blob))
        return decode_job_id(what, expect_success(what, self._service.call(what, request)))

    def start(self, job_id: str) -> None:
        """Start the job. A job that is not NotStarted was started before: the service says CannotStartJob."""
        what = f"start job {job_id}"
        request = HttpRequest("POST", f"{self._jobs}/{job_id}/start", params=API_VERSION)
        answer = self._service.call(what, request)
        if not answer.succeeded and error_of(what, answer).code == CANNOT_START:
            return
        expect_success(what, answer)

    def get(self, job_id: str) -> JobSeen:
        """The job's status; each call brings a fresh signature for its results."""
        what = f"get job {job_id}"
        request = HttpRequest("GET", f"{self._jobs}/{job_id}", params=API_VERSION)
        answer = expect_success(what, self._service.call(what, request))
        return decode_status(what, answer, self._pipeline.trained_model_output)

    def cancel(self, job_id: str) -> None:
        """Stop the job; quiet if the service does not know it (any more)."""
        what = f"cancel job {job_id}"
        request = HttpRequest("DELETE", f"{self._jobs}/{job_id}", params=API_VERSION)
        try:
            expect_success(what, self._service.call(what, request))
        except NotFound:
            return
