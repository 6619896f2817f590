"""The jobs of the studio: who waits in line, who runs, how each ends.

Contract: submit registers and start queues (azuremlps @98cb01c, bes_verbatim/swagger.api.json); the line is first in,
first out, with a limited number of jobs at a time (azure-docs, studio/dedicated-capacity-for-bes-jobs.md).
"""

import threading
from collections.abc import Callable
from typing import Any

from devstack.studio.bes.job import Job, JobRequest, JobStatus
from devstack.studio.errors import Refusal
from devstack.studio.pace import FOREVER, Gate
from devstack.studio.settings import Settings
from devstack.studio.training.workers import WorkerDied, Workers


class JobBoard:
    """All jobs. Its methods may be called from any thread."""

    def __init__(self, workers: Workers, settings: Callable[[], Settings]) -> None:
        self._workers = workers
        self._settings = settings
        # Re-entrant: a gate that has nothing to wait for opens while the board arms it.
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._line: list[Job] = []

    def submit(self, request: JobRequest) -> str:
        """Register a job, which does nothing until it is started; its id, 32 hex digits."""
        job = Job(request)
        with self._lock:
            self._jobs[job.id] = job
        self._workers.warm()
        return job.id

    def start(self, job_id: str, endpoint_id: str, *, stalls: bool = False, fails: str | None = None) -> None:
        """Put a job in line. Raises Refusal CannotStartJob unless it has never been started."""
        with self._lock:
            job = self.get(job_id, endpoint_id)
            if job.was_started or job.status is not JobStatus.NOT_STARTED:
                # A queued job still shows NotStarted; to the caller of start it is under way all the same.
                state = JobStatus.RUNNING if not job.status.is_final else job.status
                raise Refusal("CannotStartJob", state.text)
            job.was_started, job.order_to_fail = True, fails
            hold = FOREVER if stalls else self._settings().pace.queued
            job.gate = Gate(hold, lambda: self._line_up(job))
            job.gate.arm()

    def status_call(self, job_id: str, endpoint_id: str) -> Job:
        """The job for a status call, which counts: it may be what the job's pace waits for."""
        job = self.get(job_id, endpoint_id)
        gate = job.gate
        if gate is not None:
            gate.count_call()
        return job

    def get(self, job_id: str, endpoint_id: str) -> Job:
        """The job of this id at this endpoint. Raises Refusal JobNotFound."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None or job.request.endpoint_id != endpoint_id:
            raise Refusal("JobNotFound", job_id)
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job; its training process is killed. A job that has ended stays as it is."""
        with self._lock:
            if job.status.is_final:
                return
            self._end(job, JobStatus.CANCELLED)
            # Still under the lock: once the job has let go of its worker, that may be at another job's work.
            if job.worker is not None:
                job.worker.kill()

    def vanish(self, job: Job) -> None:
        """Stop a job and forget that it ever was."""
        self.cancel(job)
        with self._lock:
            self._jobs.pop(job.id, None)

    def clear(self) -> None:
        """Stop and forget all jobs."""
        for job in self.all():
            self.vanish(job)

    def all(self) -> list[Job]:
        """Every job, oldest first."""
        with self._lock:
            return list(self._jobs.values())

    def _line_up(self, job: Job) -> None:
        with self._lock:
            self._line.append(job)
            self._call_next()

    def _call_next(self) -> None:
        running = sum(job.status is JobStatus.RUNNING for job in self._jobs.values())
        while self._line and running < self._settings().concurrent_jobs:
            running += 1
            self._run(self._line.pop(0))

    def _run(self, job: Job) -> None:
        job.status = JobStatus.RUNNING
        job.gate = Gate(self._settings().pace.running, lambda: self._begin_work(job))
        job.gate.arm()

    def _begin_work(self, job: Job) -> None:
        threading.Thread(target=self._work, args=(job,), name=f"job {job.id}", daemon=True).start()

    def _work(self, job: Job) -> None:
        try:
            outcome = self._train(job)
        except WorkerDied:
            outcome = {"fault": "The training process ended before its work was done."}
        with self._lock:
            if not job.status.is_final:
                job.details = outcome.get("fault")
                self._end(job, JobStatus.FAILED if job.details else JobStatus.FINISHED)

    def _train(self, job: Job) -> dict[str, Any]:
        if job.order_to_fail:
            return {"fault": job.order_to_fail}
        worker = self._workers.borrow()
        try:
            with self._lock:
                if job.status.is_final:
                    return {}
                job.worker = worker
            return worker.carry_out(training_order(job.request))
        finally:
            with self._lock:
                job.worker = None
            self._workers.give_back(worker)

    def _end(self, job: Job, status: JobStatus) -> None:
        job.status = status
        if job.gate:
            job.gate.shut()
        if job in self._line:
            self._line.remove(job)
        self._call_next()


def training_order(request: JobRequest) -> dict[str, Any]:
    """What the training process is told to do."""
    return {
        "examples": {"reference": request.examples.to_wire()},
        "outputs": [output.to_wire() for output in request.outputs.values()],
    }
