"""What the workflows need from the outside, as Protocols. The adapters keep these promises."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from .blobs import BlobLocation, BlobVersion, KeyedLocation, Model
from .definitions import BlobDataset
from .index import OpenRun, StoredRun, StoredSlot
from .observed import JobSeen, ScoringSeen, UpdateSeen
from .run import Run
from .slot import Slot


class BatchExecution(Protocol):
    """The training web service of one pipeline. Raises ServiceError."""

    def submit(self, inputs: Mapping[str, BlobVersion], uploaded: datetime) -> str:
        """Register a job on these inputs, by their datasets' names; its id.

        `uploaded` is the time of the example, from which the outputs' paths and the parameters are made (UTC). Sent
        once: a lost answer is OutcomeUnknown.
        """

    def start(self, job_id: str) -> None:
        """Start the job; quiet if it was started before."""

    def get(self, job_id: str) -> JobSeen:
        """The job's status."""

    def cancel(self, job_id: str) -> None:
        """Stop the job; quiet if the service does not know it."""


class ScoringService(Protocol):
    """The scoring web service of one pipeline. Raises ServiceError."""

    def read(self, model: Model) -> ScoringSeen:
        """What it serves, and whether that is `model`. PermanentError if the trained model's name is unknown to it."""

    def send(self, model: Model) -> str | None:
        """Update resource: serve `model` from now on. The URL to follow it at, if the service gave one."""

    def follow(self, operation: str) -> UpdateSeen:
        """How far the update is."""


class ModelArchive(Protocol):
    """Immutable copies of trained models. Raises ServiceError."""

    def copy_output(self, run: Run, location: BlobLocation) -> Model | None:
        """Copy a job's `.ilearner`; None while the copy is being made."""

    def copy_blob(self, run: Run) -> Model | None:
        """Copy this version of the run's own blob; None while the copy is being made."""


class ModelLinks(Protocol):
    """By what a scoring web service reaches an archived model."""

    def address(self, model: Model) -> str:
        """The model's URL without a signature, as `link` has it. Asks nobody."""

    def link(self, model: Model) -> BlobLocation:
        """A location by which a service can read this one model, and nothing else. Raises ServiceError."""


class BlobReferences(Protocol):
    """References by which the training web service reaches blobs: the linked service's kind decides their form.

    They live as long as one execution may take; None means as long as can be. Raises ServiceError.
    """

    def readable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        """A reference to read that blob by."""

    def writable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        """A reference to create and write that blob by."""


class ExampleBlobs(Protocol):
    """The blobs in the watched containers; only ever read. Raises ServiceError."""

    def version(self, container: str, name: str) -> BlobVersion | None:
        """The blob as it is now, or None."""

    def has_rows(self, blob: BlobVersion, rows: int) -> bool:
        """Whether this version has at least so many rows; read as a stream and no further than needed."""

    def under(self, container: str, prefix: str) -> Iterator[BlobVersion]:
        """Every blob whose name begins with `prefix`."""


class RunStore(Protocol):
    """The run documents and slots. Raises StateError; every write is conditional."""

    def open_runs(self) -> Iterator[OpenRun]:
        """What the index says of every run that has not ended."""

    def load(self, run_id: str) -> StoredRun | None:
        """An open run's document."""

    def save(self, run: Run, etag: str | None) -> StoredRun:
        """Write an open run: create it (etag None) or change that version. Conflict if somebody was faster."""

    def archive(self, run: Run) -> Run:
        """Write an ended run's lasting document, once; the one that stands if there is one already."""

    def discard(self, run: Run) -> None:
        """Remove an ended run from the open ones; quiet if it is gone."""

    def ended(self, pipeline: str, run_id: str) -> Run | None:
        """An ended run's document."""

    def ended_ids(self, pipeline: str) -> Iterator[str]:
        """The ids of every ended run of a pipeline."""

    def slot(self, pipeline: str) -> StoredSlot:
        """The pipeline's slot; an empty one with etag None if there is none yet."""

    def save_slot(self, slot: Slot, etag: str | None) -> StoredSlot:
        """Write the slot: create it or change that version. Conflict if somebody was faster."""


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """UTC, aware."""
