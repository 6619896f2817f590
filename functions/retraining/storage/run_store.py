"""Run documents and slots: container `retraining`, laid out as docs/architecture.md section 4 says."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, unquote

from azure.storage.blob import BlobProperties

from functions.retraining.core.documents import decode_run, decode_slot, encode, expect_about
from functions.retraining.core.errors import Conflict, Unreadable
from functions.retraining.core.index import OpenRun, StoredRun, StoredSlot, index_of
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slot import Slot

from .documents import Document, Documents

OPEN = "open/"
JSON_EXTENSION = ".json"


class StorageRunStore:
    """Keeps the promises of `core.ports.RunStore`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def open_runs(self) -> Iterator[OpenRun]:
        """The index of open runs, from the blobs' metadata: one List per 5,000.

        A line that is missing or damaged (somebody saved the document by hand) is made from the document, one GET.
        Where that cannot be read either, the line says so, and no other run is held up.
        """
        for blob in self._documents.listed(OPEN):
            if str(blob.name).endswith(JSON_EXTENSION):
                line = _index_line(blob) or self._line_of(blob)
                if line:
                    yield line

    def load(self, run_id: str) -> StoredRun | None:
        """An open run's document. Raises Unreadable."""
        name = _open_name(run_id)
        document = self._documents.read(name)
        return StoredRun(self._run_in(document, name, run_id), document.etag) if document else None

    def save(self, run: Run, etag: str | None) -> StoredRun:
        """Write an open run and its index line in one go."""
        written = self._documents.write(_open_name(run.id), encode(run), etag, _metadata(index_of(run)))
        return StoredRun(run, written)

    def archive(self, run: Run) -> Run:
        """Write an ended run's lasting document, once; `run` itself, or the one that stands already."""
        try:
            self._documents.write(_ended_name(run.pipeline, run.id), encode(run), None)
        except Conflict:
            return self.ended(run.pipeline, run.id) or run
        return run

    def discard(self, run: Run) -> None:
        """Remove an ended run from the open ones."""
        self._documents.delete(_open_name(run.id))

    def ended(self, pipeline: str, run_id: str) -> Run | None:
        """An ended run's document. Raises Unreadable."""
        name = _ended_name(pipeline, run_id)
        document = self._documents.read(name)
        return self._run_in(document, name, run_id) if document else None

    def ended_ids(self, pipeline: str) -> Iterator[str]:
        """The ids of every ended run of a pipeline: one List per 5,000."""
        folder = f"runs/{pipeline}/"
        for name in self._documents.names(folder):
            yield name.removeprefix(folder).removesuffix(JSON_EXTENSION)

    def slot(self, pipeline: str) -> StoredSlot:
        """The pipeline's slot; an empty one with etag None if there is none yet. Raises Unreadable."""
        name = _slot_name(pipeline)
        document = self._documents.read(name)
        if document is None:
            return StoredSlot(Slot(pipeline=pipeline), None)
        where = self._documents.where(name)
        slot = decode_slot(document.content, where)
        expect_about(where, slot.pipeline, pipeline)
        return StoredSlot(slot, document.etag)

    def save_slot(self, slot: Slot, etag: str | None) -> StoredSlot:
        """Write the slot on the condition that it still is the version with `etag`."""
        return StoredSlot(slot, self._documents.write(_slot_name(slot.pipeline), encode(slot), etag))

    def _line_of(self, blob: BlobProperties) -> OpenRun | None:
        run_id = _open_id(blob)
        try:
            stored = self.load(run_id)
        except Unreadable as error:
            return OpenRun(run_id, "", RunStatus.WAITING, blob.last_modified, unreadable=error)
        return index_of(stored.run) if stored else None

    def _run_in(self, document: Document, name: str, run_id: str) -> Run:
        where = self._documents.where(name)
        run = decode_run(document.content, where)
        expect_about(where, run.id, run_id)
        return run


def _open_name(run_id: str) -> str:
    return f"{OPEN}{run_id}.json"


def _ended_name(pipeline: str, run_id: str) -> str:
    return f"runs/{pipeline}/{run_id}.json"


def _slot_name(pipeline: str) -> str:
    return f"pipelines/{pipeline}.json"


def _metadata(line: OpenRun) -> dict[str, str]:
    """Metadata values must be ASCII and its keys C# identifiers, which storage compares without regard to case."""
    facts = {
        "status": line.status.value,
        "pipeline": quote(line.pipeline),
        "nextcheck": line.next_check_at.isoformat(),
        "job": line.job,
        "attemptstarted": line.attempt_started_at.isoformat() if line.attempt_started_at else None,
    }
    return {key: value for key, value in facts.items() if value}


def _index_line(blob: BlobProperties) -> OpenRun | None:
    facts = blob.metadata or {}
    started = facts.get("attemptstarted")
    try:
        return OpenRun(
            id=_open_id(blob),
            pipeline=unquote(facts["pipeline"]),
            status=RunStatus(facts["status"]),
            next_check_at=_moment(facts["nextcheck"]),
            job=facts.get("job"),
            attempt_started_at=_moment(started) if started else None,
        )
    except (KeyError, ValueError):
        return None


def _moment(text: str) -> datetime:
    """A time that can be compared with others. Raises ValueError for one without a zone too."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        message = f"{text} has no time zone"
        raise ValueError(message)
    return moment


def _open_id(blob: BlobProperties) -> str:
    return str(blob.name).removeprefix(OPEN).removesuffix(JSON_EXTENSION)
