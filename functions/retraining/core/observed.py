"""What can be observed about a run: each is one answer that `decide` turns into the next step."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .blobs import BlobLocation, BlobVersion, Model
from .effects import Effect
from .errors import ServiceError
from .slot import Deployed, SlotClaim


class JobStatus(StrEnum):
    """`StatusCode` of a batch execution job."""

    NOT_STARTED = "NotStarted"
    RUNNING = "Running"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    FINISHED = "Finished"


@dataclass(frozen=True)
class Arrived:
    """The run's blob was read from storage a moment ago."""


@dataclass(frozen=True)
class Looked:
    """Nothing is known but that time has passed."""


@dataclass(frozen=True)
class BlobSeen:
    """The run's blob as storage has it now, or None if it is gone."""

    version: BlobVersion | None


@dataclass(frozen=True)
class SlotTaken:
    """The run holds its pipeline's slot."""

    claim: SlotClaim


@dataclass(frozen=True)
class SlotBusy:
    """Another run holds it."""

    active: str


@dataclass(frozen=True)
class SlotPassed:
    """A model from a newer blob is live; if not `verified`, it was offered to the service and may be live."""

    deployed: Deployed
    verified: bool = True


@dataclass(frozen=True)
class JobSubmitted:
    """The training web service registered the job; it does not run yet."""

    job_id: str
    at: datetime


@dataclass(frozen=True)
class JobStarted:
    """The job was started, now or before."""


@dataclass(frozen=True)
class JobSeen:
    """The job's status; `location` of the trained model once Finished; `details` when Failed."""

    status: JobStatus
    location: BlobLocation | None = None
    details: str = ""


@dataclass(frozen=True)
class JobCancelled:
    """The service took the cancellation, or does not know the job any more."""


@dataclass(frozen=True)
class ModelArchived:
    """The trained model has its immutable copy."""

    model: Model


@dataclass(frozen=True)
class ModelPending:
    """The copy is still being made."""


@dataclass(frozen=True)
class ScoringSeen:
    """The scoring web service's updatable models: all names, and what the one we update is served from now.

    `serves_model` says whether that is our archived copy.
    """

    names: tuple[str, ...]
    serving: str
    serves_model: bool


@dataclass(frozen=True)
class ModelSent:
    """The scoring web service took the update call. Whether it had an effect is another question."""


@dataclass(frozen=True)
class CallFailed:
    """The call that `effect` stood for was refused or got no answer."""

    effect: Effect
    error: ServiceError


Observed = (
    Arrived
    | Looked
    | BlobSeen
    | SlotTaken
    | SlotBusy
    | SlotPassed
    | JobSubmitted
    | JobStarted
    | JobSeen
    | JobCancelled
    | ModelArchived
    | ModelPending
    | ScoringSeen
    | ModelSent
    | CallFailed
)
