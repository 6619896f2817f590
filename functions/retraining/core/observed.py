"""What can be observed about a run: each is one answer that `decide` turns into the next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .blobs import BlobLocation, BlobVersion, Model
from .definitions import ExternalData
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
class MissingInput:
    """An input that is not there yet, and how long it may be waited for."""

    path: str
    external_data: ExternalData


@dataclass(frozen=True)
class InputsSeen:
    """Everything that the training reads, by dataset; what is missing; and what is there but not as it must be.

    `apart` are the datasets whose blob is of another slice: its own run does not read this run's example.
    """

    found: Mapping[str, BlobVersion]
    missing: tuple[MissingInput, ...] = ()
    invalid: str = ""
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Overtaken:
    """The pipeline supersedes older waiting examples, and this newer run waits or trains."""

    by: str


@dataclass(frozen=True)
class SeatTaken:
    """The run is the one of its pipeline that updates."""

    claim: SlotClaim


@dataclass(frozen=True)
class SlotTaken:
    """The run holds its pipeline's slot."""

    claim: SlotClaim


@dataclass(frozen=True)
class SlotBusy:
    """Other runs hold it."""

    active: tuple[str, ...]


@dataclass(frozen=True)
class SlotUnreadable:
    """Nobody can say who holds it: its document cannot be read, and why."""

    why: str


@dataclass(frozen=True)
class SeatBusy:
    """Another run updates; this one keeps its place in the slot."""

    updating: tuple[str, ...]


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
    """The scoring web service took the update call. Whether it had an effect is another question.

    `operation` is the URL at which the service says how far it is, if it gave one.
    """

    operation: str | None = None


class UpdateState(StrEnum):
    """How far a followed update is."""

    GOES_ON = "goes on"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class UpdateSeen:
    """The followed update: its state, and the service's words about it."""

    state: UpdateState
    words: str


@dataclass(frozen=True)
class UpdateAnswered:
    """What the scoring web service of an update resource activity answered."""

    activity: str
    answer: ScoringSeen | ModelSent | UpdateSeen


@dataclass(frozen=True)
class CallFailed:
    """The call that `effect` stood for was refused or got no answer."""

    effect: Effect
    error: ServiceError


Observed = (
    Arrived
    | Looked
    | BlobSeen
    | InputsSeen
    | Overtaken
    | SeatTaken
    | SlotTaken
    | SlotBusy
    | SeatBusy
    | SlotUnreadable
    | SlotPassed
    | JobSubmitted
    | JobStarted
    | JobSeen
    | JobCancelled
    | ModelArchived
    | ModelPending
    | UpdateAnswered
    | CallFailed
)
