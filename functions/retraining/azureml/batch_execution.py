"""The training web service's batch execution: submit, start, status, cancel."""

from collections.abc import Mapping
from datetime import datetime

from azure.core.rest import HttpRequest

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.errors import NotFound
from functions.retraining.core.observed import JobSeen
from functions.retraining.core.ports import BlobReferences

from .answers import error_of, expect_success
from .batch_execution_wire import References, decode_job_id, decode_status, jobs_url, submit_body
from .pipeline import Service

API_VERSION = {"api-version": "2.0"}
CANNOT_START = "CannotStartJob"


class ClassicBatchExecution:
    """Keeps the promises of `core.ports.BatchExecution` for a classic training web service."""

    def __init__(self, pipeline: Pipeline, service: Service, references: BlobReferences) -> None:
        self._activity = pipeline.batch_execution
        self._output = pipeline.trained_model_output
        self._service = service
        self._references = references
        self._jobs = jobs_url(self._activity.linked_service.ml_endpoint)

    def submit(self, inputs: Mapping[str, BlobVersion], uploaded: datetime) -> str:
        """Register a job on these inputs, by their datasets' names; its id. Sent once; nothing runs before `start`."""
        what = f"submit a job on {', '.join(blob.path for blob in inputs.values())}"
        body = submit_body(self._activity, self._places(inputs, uploaded), uploaded)
        request = HttpRequest("POST", self._jobs, params=API_VERSION, json=body)
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
        return decode_status(what, answer, self._output)

    def cancel(self, job_id: str) -> None:
        """Stop the job; quiet if the service does not know it (any more)."""
        what = f"cancel job {job_id}"
        request = HttpRequest("DELETE", f"{self._jobs}/{job_id}", params=API_VERSION)
        try:
            expect_success(what, self._service.call(what, request))
        except NotFound:
            return

    def _places(self, inputs: Mapping[str, BlobVersion], uploaded: datetime) -> References:
        activity, life = self._activity, self._activity.policy.timeout
        read = {
            dataset.name: self._references.readable(dataset, inputs[dataset.name].name, life)
            for dataset in activity.inputs
        }
        write = {
            port: self._references.writable(dataset, dataset.blob_name_at(uploaded) or "", life)
            for port, dataset in activity.web_service_outputs.items()
        }
        single = activity.web_service_input
        named = {port: read[dataset.name] for port, dataset in activity.web_service_inputs.items()}
        return References(read[single.name] if single else None, named, write)
