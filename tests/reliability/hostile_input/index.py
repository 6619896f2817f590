"""Lines of the index of open runs that somebody changed: read as written, or made anew from the document."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import unquote

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from functions.retraining.core.documents import encode
from functions.retraining.core.index import index_of
from functions.retraining.core.run import RunStatus
from functions.retraining.storage.documents import Document, Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.core.runs import NOW, run_in

from .mutation import HOSTILE_TEXTS

RUN = run_in(RunStatus.RUNNING)
GOOD = {
    "status": "running",
    "pipeline": "p",
    "nextcheck": NOW.isoformat(),
    "job": "job1",
    "attemptstarted": NOW.isoformat(),
}


class OneDocument:
    """Stands for `storage.documents.Documents` with one open run in it."""

    def __init__(self, metadata: Mapping[str, str]) -> None:
        self._metadata = metadata

    def listed(self, prefix: str) -> Iterator[Any]:
        """The run's blob."""
        yield SimpleNamespace(name=f"{prefix}{RUN.id}.json", metadata=self._metadata, last_modified=NOW)

    def read(self, _name: str) -> Document:
        """The run."""
        return Document(encode(RUN), "etag")

    def where(self, name: str) -> str:
        """As messages name it."""
        return name


def lines() -> SearchStrategy[dict[str, str]]:
    """Metadata with some of its values changed, added or gone."""
    texts = st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=12) | st.sampled_from([*RunStatus, *GOOD.values()])
    changes = st.dictionaries(st.sampled_from([*GOOD, "other"]), texts, min_size=1, max_size=3)
    gone = st.sets(st.sampled_from(sorted(GOOD)), max_size=2)
    return st.builds(
        lambda change, without: {k: v for k, v in {**GOOD, **change}.items() if k not in without}, changes, gone
    )


def check_line(metadata: Mapping[str, str]) -> None:
    """One line comes out, its times can be compared, and what it says is what the metadata or the document says."""
    (line,) = StorageRunStore(cast("Documents", OneDocument(metadata))).open_runs()
    line.due(NOW)
    assert line.id == RUN.id
    if line != index_of(RUN):
        assert (line.status, line.pipeline) == (metadata["status"], unquote(metadata["pipeline"]))
        assert (line.job or None) == (metadata.get("job") or None)
        assert line.next_check_at.tzinfo is not None
