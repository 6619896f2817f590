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
class TakeSlot:
    """Take the pipeline's slot, or learn that it is held already."""

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
    """Ask the scoring web service what it serves."""

    recorded_first: ClassVar[bool] = False


@dataclass(frozen=True)
class SendModel:
    """Call update resource with the archived copy; harmless to repeat while the slot is held."""

    recorded_first: ClassVar[bool] = True


Effect = (
    CheckBlob | TakeSlot | Submit | Start | GetJob | CancelJob | ArchiveOutput | ArchiveBlob | ReadScoring | SendModel
)

OWN_STORAGE = (CheckBlob, TakeSlot)
"""The calls that only ask our own storage how things stand."""
