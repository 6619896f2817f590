"""What `decide` may ask for: one call each, to storage or a service.

`recorded_first` marks the calls that must not be made before the run document says so, because a second host, or
the same one after a crash, would otherwise not know that they may have happened.
"""

from dataclasses import dataclass
from typing import ClassVar

from .blobs import BlobLocation


@dataclass(frozen=True)
class CheckBlob:
    """Ask storage for the run's blob as it is now."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class CheckInputs:
    """Ask storage for everything that the training reads, and whether it is as its dataset wants it."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class TakeSlot:
    """Take the pipeline's slot, or learn that it is held already."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class TakeUpdateSeat:
    """Become the one run of the pipeline that updates, where several may train."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class Submit:
    """Register a job. The one call that is never repeated unasked."""

    recorded_first: ClassVar[bool] = True


@dataclass(frozen=True)
class Start:
    """Start the registered job; harmless to repeat."""

    recorded_first: ClassVar[bool] = True


@dataclass(frozen=True)
class GetJob:
    """Ask for the job's status."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class CancelJob:
    """Ask the service to stop the job."""

    recorded_first: ClassVar[bool] = True


@dataclass(frozen=True)
class ArchiveOutput:
    """Copy the job's `.ilearner` into the archive; the same name is never written twice."""

    location: BlobLocation
    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class ArchiveBlob:
    """Copy the run's own blob (an adopted `.ilearner`, this version only) into the archive."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class ReadScoring:
    """Ask an update resource activity's scoring web service what it serves."""

    activity: str
    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class SendModel:
    """Call update resource with the archived copy; harmless to repeat while the slot is held."""

    activity: str
    recorded_first: ClassVar[bool] = True


@dataclass(frozen=True)
class FollowUpdate:
    """Ask how far the scoring web service is with the update that it took."""

    activity: str
    operation: str
    recorded_first: ClassVar[bool] = False


Effect = (
    CheckBlob
    | CheckInputs
    | TakeSlot
    | TakeUpdateSeat
    | Submit
    | Start
    | GetJob
    | CancelJob
    | ArchiveOutput
    | ArchiveBlob
    | ReadScoring
    | SendModel
    | FollowUpdate
)

OWN_STORAGE = (CheckBlob, CheckInputs, TakeSlot, TakeUpdateSeat)
"""The calls that only ask our own storage how things stand."""
