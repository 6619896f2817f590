"""The watched containers and the archive: blobs with versions, and what each model was made from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from functions.retraining.core.blobs import BlobLocation, BlobVersion, Model
from functions.retraining.core.errors import NotFound
from functions.retraining.core.run import Run

from .clock import SettableClock
from .steps import Steps


@dataclass(frozen=True)
class Content:
    """A blob as it lies there; `made_from` is the time of the blob that a model goes back to."""

    version: BlobVersion
    made_from: datetime


@dataclass
class MemoryBlobs:
    """Keeps the promises of `core.ports.ExampleBlobs`; `put` and `remove` are what people and services do.

    `rows` are how many rows the blobs have that have not a hundred.
    """

    steps: Steps
    clock: SettableClock
    contents: dict[str, Content] = field(default_factory=dict)
    versions_made: int = 0
    rows: dict[str, int] = field(default_factory=dict)

    def put(self, container: str, name: str, *, size: int = 100, made_from: datetime | None = None) -> BlobVersion:
        """Upload or overwrite a blob."""
        self.versions_made += 1
        now = self.clock.now().replace(microsecond=0)
        etag = f"0x8{self.versions_made:05X}"
        version = BlobVersion(container=container, name=name, etag=etag, last_modified=now, size=size)
        self.contents[version.path] = Content(version, made_from or now)
        return version

    def remove(self, container: str, name: str) -> None:
        """Delete a blob."""
        self.contents.pop(f"{container}/{name}", None)

    def version(self, container: str, name: str) -> BlobVersion | None:
        """The blob as it is now, or None."""
        path = f"{container}/{name}"
        content = self.steps.step("blob.version", path, lambda: self.contents.get(path))
        return content.version if content else None

    def has_rows(self, blob: BlobVersion, rows: int) -> bool:
        """Whether this version has at least so many rows."""
        return self.steps.step("blob.rows", blob.path, lambda: self.rows.get(blob.path, 100) >= rows)

    def under(self, container: str, prefix: str) -> Iterator[BlobVersion]:
        """Every blob whose name begins with `prefix`."""
        path = f"{container}/{prefix}"
        found = self.steps.step("blob.list", path, lambda: sorted(self.contents.items()))
        yield from (content.version for key, content in found if key.startswith(path))


@dataclass
class MemoryArchive:
    """Keeps the promises of `core.ports.ModelArchive`. `pending` is how many more calls find a copy under way."""

    steps: Steps
    blobs: MemoryBlobs
    copies: dict[str, Content] = field(default_factory=dict)
    archived_at: dict[str, datetime] = field(default_factory=dict)
    pending: int = 0

    def copy_output(self, run: Run, location: BlobLocation) -> Model | None:
        """Copy a job's `.ilearner`; None while the copy is being made."""
        return self.steps.step("archive.copy_output", run.pipeline, lambda: self._copy(run, location.relative, None))

    def copy_blob(self, run: Run) -> Model | None:
        """Copy this version of the run's own blob; None while the copy is being made."""
        etag = run.blob.etag
        return self.steps.step("archive.copy_blob", run.pipeline, lambda: self._copy(run, run.blob.path, etag))

    def _copy(self, run: Run, source: str, etag: str | None) -> Model | None:
        name = f"{run.pipeline}/{run.id}-{run.attempt}.ilearner"
        if name not in self.copies:
            content = self.blobs.contents.get(source)
            if content is None or etag not in {None, content.version.etag}:
                call, message = "copy the trained model", f"{source} is not there in the version asked for"
                raise NotFound(call, message, status=404)
            self.copies[name] = content
            self.archived_at[name] = self.blobs.clock.now()
        if self.pending:
            self.pending -= 1
            return None
        return Model(container="models", name=name, archived_at=self.archived_at[name])
