"""The run documents, as bytes with ETags: what is read is what was written, through the real encoding."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from functions.retraining.core.documents import decode_run, decode_slot, encode
from functions.retraining.core.errors import Conflict
from functions.retraining.core.index import OpenRun, StoredRun, StoredSlot, index_of
from functions.retraining.core.run import Run
from functions.retraining.core.slot import Slot

from .steps import Steps


@dataclass(frozen=True)
class Kept:
    """One document."""

    content: bytes
    etag: str


@dataclass
class MemoryRunStore:
    """Keeps the promises of `core.ports.RunStore`: every write is conditional."""

    steps: Steps
    documents: dict[str, Kept] = field(default_factory=dict)
    lines: dict[str, OpenRun] = field(default_factory=dict)
    writes: int = 0

    def open_runs(self) -> Iterator[OpenRun]:
        """The index of open runs."""
        yield from self.steps.step("runs.list", "", lambda: list(self.lines.values()))

    def load(self, run_id: str) -> StoredRun | None:
        """An open run's document."""
        name = f"open/{run_id}"
        kept = self.steps.step("run.read", name, lambda: self.documents.get(name))
        return StoredRun(decode_run(kept.content, name), kept.etag) if kept else None

    def save(self, run: Run, etag: str | None) -> StoredRun:
        """Write an open run and its index line in one go."""
        return self.steps.step("run.write", run.pipeline, lambda: self._save(run, etag))

    def archive(self, run: Run) -> Run:
        """Write an ended run's lasting document, once."""
        try:
            name = _ended_name(run.pipeline, run.id)
            self.steps.step("ended.write", run.pipeline, lambda: self._put(name, encode(run), None))
        except Conflict:
            return self.ended(run.pipeline, run.id) or run
        return run

    def discard(self, run: Run) -> None:
        """Remove an ended run from the open ones."""
        self.steps.step("run.delete", run.pipeline, lambda: self._discard(run.id))

    def ended(self, pipeline: str, run_id: str) -> Run | None:
        """An ended run's document."""
        name = _ended_name(pipeline, run_id)
        kept = self.steps.step("ended.read", name, lambda: self.documents.get(name))
        return decode_run(kept.content, name) if kept else None

    def ended_ids(self, pipeline: str) -> Iterator[str]:
        """The ids of every ended run of a pipeline."""
        folder = f"runs/{pipeline}/"
        names = self.steps.step("ended.list", pipeline, lambda: list(self.documents))
        yield from (name.removeprefix(folder) for name in names if name.startswith(folder))

    def slot(self, pipeline: str) -> StoredSlot:
        """The pipeline's slot; an empty one with etag None if there is none yet."""
        name = f"pipelines/{pipeline}"
        kept = self.steps.step("slot.read", pipeline, lambda: self.documents.get(name))
        return (
            StoredSlot(decode_slot(kept.content, name), kept.etag)
            if kept
            else StoredSlot(Slot(pipeline=pipeline), None)
        )

    def save_slot(self, slot: Slot, etag: str | None) -> StoredSlot:
        """Write the slot on the condition that it still is the version with `etag`."""
        name = f"pipelines/{slot.pipeline}"
        written = self.steps.step("slot.write", slot.pipeline, lambda: self._put(name, encode(slot), etag))
        return StoredSlot(slot, written)

    def _save(self, run: Run, etag: str | None) -> StoredRun:
        written = self._put(f"open/{run.id}", encode(run), etag)
        self.lines[run.id] = index_of(run)
        return StoredRun(run, written)

    def _put(self, name: str, content: bytes, etag: str | None) -> str:
        stands = self.documents.get(name)
        if (stands.etag if stands else None) != etag:
            message = f"{name} is another version by now"
            raise Conflict(message)
        self.writes += 1
        self.documents[name] = Kept(content, f"e{self.writes}")
        return self.documents[name].etag

    def _discard(self, run_id: str) -> None:
        self.documents.pop(f"open/{run_id}", None)
        self.lines.pop(run_id, None)


def _ended_name(pipeline: str, run_id: str) -> str:
    return f"runs/{pipeline}/{run_id}"
