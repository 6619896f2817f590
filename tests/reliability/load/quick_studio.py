"""The local studio with as many scoring endpoints as there are pipelines, and jobs that end as soon as they run.

Real training would measure scikit-learn: here a job writes a few bytes as its `.ilearner`. Everything else is the
studio as it is: TLS, keys, submit, start, status, PATCH, and the checks of each.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from azure.storage.blob import BlobServiceClient

from devstack.studio import Studio
from devstack.studio.bes.job import Job, JobRequest, JobStatus
from devstack.studio.blob_reference import BlobReference
from devstack.studio.pace import Pace
from devstack.studio.provisioning import RESOURCE_NAME
from devstack.studio.training.workers import Workers
from devstack.studio.workspace import Endpoint, Resource

CONCURRENT_JOBS = 8


class QuickStudio:
    """A studio, the endpoints added to it, and what it has done."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def scoring_endpoints(self, pipelines: list[str]) -> dict[str, str]:
        """Add an endpoint for each of these; its updateResourceEndpoint by the pipeline's name."""
        workspace = self.studio._cloud.workspace
        service = next(each for each in workspace.services if not each.trains)
        key = self.studio.scoring_api_key
        service.endpoints += tuple(
            Endpoint(f"{name:0>32}", name, key, key, (Resource(RESOURCE_NAME),)) for name in pipelines
        )
        home = f"{self.studio.url}/workspaces/{workspace.id}/webservices/{service.id}/endpoints"
        return {name: f"{home}/{name}" for name in pipelines}

    def live(self) -> dict[str, str]:
        """What each endpoint points to: container/name of the model, by the endpoint's name."""
        return {each["endpoint"]: each["relative_location"] for each in self.studio.models()}

    def trainings(self) -> Counter[str]:
        """How often each example was trained on: container/name."""
        started = [job for job in self.studio._cloud.jobs.all() if job.was_started]
        return Counter(job.request.examples.relative_location for job in started)

    def jobs_run(self) -> bool:
        """Whether any job is waiting in line or running."""
        return any(job.was_started and not job.status.is_final for job in self.studio._cloud.jobs.all())

    def never_ending_jobs(self, count: int) -> list[str]:
        """The ids of so many jobs that run for ever."""
        training = next(each for each in self.studio._cloud.workspace.services if each.trains)
        request = JobRequest(training.endpoints[0].id, BlobReference("labeledexamples/any.csv"), {})
        jobs = [Job(request, status=JobStatus.RUNNING, was_started=True) for _ in range(count)]
        self.studio._cloud.jobs._jobs.update({job.id: job for job in jobs})
        return [job.id for job in jobs]


@contextmanager
def quick_studio(folder: Path) -> Iterator[QuickStudio]:
    """Start one, with its state in `folder`."""
    with Studio.start(folder) as studio:
        studio.settings = replace(studio.settings, concurrent_jobs=CONCURRENT_JOBS, pace=Pace())
        workers = _QuickWorkers()
        studio._cloud.jobs._workers = cast("Workers", workers)
        yield QuickStudio(studio)
        workers.close()


class _QuickWorkers:
    """Takes the place of the training processes: one worker, who never holds anybody up."""

    def __init__(self) -> None:
        self._clients: dict[str, BlobServiceClient] = {}

    def warm(self) -> None:
        """Nothing to load."""

    def borrow(self) -> "_QuickWorkers":
        return self

    def give_back(self, _: "_QuickWorkers") -> None:
        """Nothing to do."""

    def kill(self) -> None:
        """Nothing runs for long enough."""

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def carry_out(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Write what stands for a model to each output."""
        for wire in order["outputs"]:
            output = BlobReference.from_wire(wire)
            client = self._client(output.connection_string)
            client.get_blob_client(output.container, output.name).upload_blob(b"a model", overwrite=True)
        return {}

    def _client(self, connection_string: str) -> BlobServiceClient:
        if connection_string not in self._clients:
            self._clients[connection_string] = BlobServiceClient.from_connection_string(connection_string)
        return self._clients[connection_string]
