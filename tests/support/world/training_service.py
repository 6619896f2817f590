"""A training web service in memory: jobs of two steps that take their time and write their model when done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from functions.retraining.core.blobs import BlobLocation, BlobVersion
from functions.retraining.core.definitions import BlobDataset
from functions.retraining.core.errors import NotFound
from functions.retraining.core.observed import JobSeen, JobStatus
from functions.retraining.core.secret import Secret

from .blobs import MemoryBlobs
from .clock import SettableClock
from .steps import Steps


class Outcome(StrEnum):
    """How a job is going to end."""

    FINISHES = "finishes"
    FAILS = "fails"
    NEVER_ENDS = "never ends"
    VANISHES = "vanishes"
    CANCELLED_BY_OTHERS = "cancelled by others"
    FORGETS_ITS_MODEL = "forgets its model"


@dataclass
class TrainingJob:
    """One registered job."""

    id: str
    example: BlobVersion
    inputs: Mapping[str, BlobVersion]
    lasts: timedelta
    outcome: Outcome = Outcome.FINISHES
    started_at: datetime | None = None
    cancelled: bool = False
    wrote_model: bool = False


@dataclass
class MemoryBatchExecution:
    """Keeps the promises of `core.ports.BatchExecution`.

    `plans` are the outcomes of the jobs to be started, the first one first; when they run out, jobs finish.
    """

    name: str
    steps: Steps
    clock: SettableClock
    blobs: MemoryBlobs
    output: BlobDataset
    lasts: timedelta = timedelta(minutes=2)
    plans: list[Outcome] = field(default_factory=list)
    jobs: dict[str, TrainingJob] = field(default_factory=dict)

    def submit(self, inputs: Mapping[str, BlobVersion], uploaded: datetime) -> str:
        """Register a job on these inputs, of which the example is the one that was uploaded then."""
        return self.steps.step("job.submit", self.name, lambda: self._register(inputs, uploaded))

    def start(self, job_id: str) -> None:
        """Start the job; quiet if it was started before."""
        self.steps.step("job.start", self.name, lambda: self._start(self._known(job_id)))

    def get(self, job_id: str) -> JobSeen:
        """The job's status."""
        return self.steps.step("job.get", self.name, lambda: self._seen(self._known(job_id)))

    def cancel(self, job_id: str) -> None:
        """Stop the job; quiet if the service does not know it."""
        self.steps.step("job.cancel", self.name, lambda: self._cancel(self.jobs.get(job_id)))

    def started(self) -> list[TrainingJob]:
        """The trainings that really began."""
        return [job for job in self.jobs.values() if job.started_at]

    def work(self) -> None:
        """Write the models of the jobs that are done by now."""
        self._each(lambda job: job.outcome is Outcome.FINISHES and self._done(job) and not job.wrote_model, self._write)

    def _each(self, chosen: Callable[[TrainingJob], bool], act: Callable[[TrainingJob], None]) -> None:
        for job in filter(chosen, self.jobs.values()):
            act(job)

    def _register(self, inputs: Mapping[str, BlobVersion], uploaded: datetime) -> str:
        example = next(blob for blob in inputs.values() if blob.last_modified == uploaded)
        job_id = f"{self.name}-job{len(self.jobs) + 1}"
        self.jobs[job_id] = TrainingJob(job_id, example, dict(inputs), self.lasts)
        return job_id

    def _start(self, job: TrainingJob) -> None:
        if not job.cancelled and not job.started_at:
            job.started_at = self.clock.now()
            job.outcome = self.plans.pop(0) if self.plans else Outcome.FINISHES

    def _known(self, job_id: str) -> TrainingJob:
        job = self.jobs.get(job_id)
        if job is None or (job.outcome is Outcome.VANISHES and self._done(job)):
            call, message = f"get job {job_id}", "the job is unknown"
            raise NotFound(call, message, status=404, code="JobNotFound", request_id="r-404")
        return job

    def _cancel(self, job: TrainingJob | None) -> None:
        if job and not self._done(job):
            job.cancelled = True

    def _done(self, job: TrainingJob) -> bool:
        if job.cancelled or job.started_at is None or job.outcome is Outcome.NEVER_ENDS:
            return False
        return self.clock.now() - job.started_at >= job.lasts

    def _write(self, job: TrainingJob) -> None:
        job.wrote_model = True
        self.blobs.put(self.output.container, self._output_of(job), made_from=job.example.last_modified)

    def _seen(self, job: TrainingJob) -> JobSeen:
        self.work()
        if job.cancelled:
            return JobSeen(JobStatus.CANCELLED)
        if job.started_at is None:
            return JobSeen(JobStatus.NOT_STARTED)
        return self._ended(job) if self._done(job) else JobSeen(JobStatus.RUNNING)

    def _ended(self, job: TrainingJob) -> JobSeen:
        match job.outcome:
            case Outcome.FAILS:
                return JobSeen(JobStatus.FAILED, details="Error 0018: column 'age' is missing")
            case Outcome.CANCELLED_BY_OTHERS:
                return JobSeen(JobStatus.CANCELLED)
            case Outcome.FORGETS_ITS_MODEL:
                return JobSeen(JobStatus.FINISHED, details="Results: none")
            case _:
                return JobSeen(JobStatus.FINISHED, self._location(job))

    def _output_of(self, job: TrainingJob) -> str:
        return self.output.blob_name_at(job.example.last_modified) or ""

    def _location(self, job: TrainingJob) -> BlobLocation:
        relative = f"{self.output.container}/{self._output_of(job)}"
        return BlobLocation(base="https://store/", relative=relative, sas=Secret("?sig=hidden"))
