"""A run: one attempt to bring one version of a blob into the scoring web service through one pipeline.

The document is the truth about the run and the only thing that survives a restart. It never holds a secret.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec

from .blobs import BlobVersion, Model
from .errors import ServiceError
from .slot import SlotClaim
from .times import Utc

SCHEMA = 1
HISTORY_LIMIT = 100


class RunStatus(StrEnum):
    """What is true of a run; docs/architecture.md says what moves each one on."""

    WAITING = "waiting"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    RUNNING = "running"
    TRAINED = "trained"
    UPDATING = "updating"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    SKIPPED = "skipped"

    @property
    def ended(self) -> bool:
        """Whether nothing moves the run any more."""
        return self in _ENDED


_ENDED = frozenset(
    {
        RunStatus.SUCCEEDED,
        RunStatus.FAILED,
        RunStatus.TIMED_OUT,
        RunStatus.CANCELLED,
        RunStatus.SUPERSEDED,
        RunStatus.SKIPPED,
    }
)


class Origin(StrEnum):
    """Which blob began the run."""

    LABELED_EXAMPLE = "labeledExample"
    TRAINED_MODEL = "trainedModel"
    """An `.ilearner` that no run of ours made; it goes live without training."""


class Job(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A batch execution job at the training web service. `cancelled_at` is when we first asked to cancel it."""

    id: str
    submitted_at: Utc
    cancelled_at: Utc | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why the run ended, or what it met last: in words, with the service's own code and request id."""

    message: str
    call: str = ""
    http_status: int | None = None
    code: str = ""
    request_id: str = ""

    @classmethod
    def of(cls, error: ServiceError) -> "Failure":
        """The facts of a service's refusal."""
        return cls(
            message=error.message,
            call=error.call,
            http_status=error.status,
            code=error.code,
            request_id=error.request_id,
        )


class Update(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One update resource activity of the run. Times are UTC.

    `attempt` counts its executions; the present one began at `started_at`. `operation` is where the scoring web
    service says how far it is (the URL may be signed: it is never logged), `confirmed` that it called the update
    complete. `outcome` is how it ended: succeeded, failed or timed_out.
    """

    activity: str
    started_at: Utc
    next_check_at: Utc
    attempt: int = 1
    sent_at: Utc | None = None
    operation: str | None = None
    confirmed: bool = False
    failures: int = 0
    waits_for: str = ""
    outcome: RunStatus | None = None
    failure: Failure | None = None

    def due(self, now: datetime) -> bool:
        """Whether it has not ended and it is time to go on with it."""
        return self.outcome is None and self.next_check_at <= now


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the run's history (UTC)."""

    status: RunStatus
    at: Utc
    note: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The run document. Times are UTC; `next_check_at` is when a tick looks at it again.

    `attempt` counts executions of the batch execution activity; the present one began at `attempt_started_at`.
    `inputs` are the versions that it trains on, by dataset, where there is more to them than `blob`. `may_be_live` is
    set before the model is first offered to a scoring web service: from then on it may be live, whatever is answered.
    `failures` counts transient failures in a row.
    """

    schema: int = SCHEMA
    id: str
    pipeline: str
    origin: Origin
    blob: BlobVersion
    status: RunStatus
    created_at: Utc
    next_check_at: Utc
    attempt: int = 0
    attempt_started_at: Utc | None = None
    job: Job | None = None
    model: Model | None = None
    inputs: dict[str, BlobVersion] = {}
    updates: tuple[Update, ...] = ()
    may_be_live: bool = False
    failures: int = 0
    waits_for: str = ""
    failure: Failure | None = None
    claim: SlotClaim | None = None
    history: tuple[Step, ...] = ()


def run_id(pipeline: str, blob: BlobVersion) -> str:
    """The id of the run that this version of this blob begins in this pipeline.

    Derived, so that a second event finds the first one's run; sorts by the blob's last-modified time.
    """
    identity = f"{pipeline}\n{blob.container}\n{blob.name}\n{blob.etag}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:12]
    return f"{blob.last_modified:%Y%m%dT%H%M%SZ}-{digest}"


def new_run(pipeline: str, origin: Origin, blob: BlobVersion, now: datetime, note: str = "") -> Run:
    """A run nobody has recorded yet; `note` says in words what is unusual about its beginning."""
    return Run(
        id=run_id(pipeline, blob),
        pipeline=pipeline,
        origin=origin,
        blob=blob,
        status=RunStatus.WAITING,
        created_at=now,
        next_check_at=now,
        history=(Step(status=RunStatus.WAITING, at=now, note=note),),
    )
