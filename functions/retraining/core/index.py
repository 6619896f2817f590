"""What is known of documents without, or besides, their content."""

from dataclasses import dataclass
from datetime import datetime

from .errors import Unreadable
from .run import Run, RunStatus
from .slot import Slot


@dataclass(frozen=True)
class StoredRun:
    """A run document and the ETag it was read or written with; None if it was never written."""

    run: Run
    etag: str | None


@dataclass(frozen=True)
class StoredSlot:
    """A slot document and the ETag it was read or written with; None if it was never written."""

    slot: Slot
    etag: str | None


@dataclass(frozen=True)
class OpenRun:
    """One line of the index of open runs: enough to know whether the run is due, without reading it.

    `job` is given only where the service can be asked without the document: a running job, nothing wrong with it.
    `unreadable` says why there is no more than a name: neither the line nor the document can be read.
    """

    id: str
    pipeline: str
    status: RunStatus
    next_check_at: datetime
    job: str | None = None
    attempt_started_at: datetime | None = None
    unreadable: Unreadable | None = None

    def due(self, now: datetime) -> bool:
        """Whether it is time to look."""
        return self.next_check_at <= now


def index_of(run: Run) -> OpenRun:
    """The index line of a run."""
    quiet = run.status is RunStatus.RUNNING and not run.failures and not run.waits_for
    job = run.job.id if quiet and run.job and not run.job.cancelled_at else None
    return OpenRun(run.id, run.pipeline, run.status, run.next_check_at, job, run.attempt_started_at)
