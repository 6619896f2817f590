"""A document is damaged where it lies: its run or its pipeline stands still and says so, all others go on."""

from collections.abc import Callable
from dataclasses import dataclass

from azure.storage.blob import BlobClient

from functions.retraining.core.run import RunStatus
from tests.reliability.storage_faults.disturbed import Outcome
from tests.reliability.storage_faults.driving import delivered, jobs_are_done, ticked, ticked_until_over
from tests.reliability.storage_faults.promises import troubles, troubles_of
from tests.reliability.storage_faults.stage import Play, Stage

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "not JSON": lambda _: b"<html>Service Unavailable</html>",
    "of a newer schema": lambda content: content.replace(b'"schema": 1', b'"schema": 2', 1),
    "of another type": lambda _: b'{"schema": 1, "name": "something else"}',
}

BROKEN_LINES: dict[str, dict[str, str]] = {
    "no index line": {},
    "an index line without a time": {"status": "running", "pipeline": "p"},
    "an index line with a time without a zone": {
        "status": "running",
        "pipeline": "p",
        "nextcheck": "2026-11-22T08:00:00",
    },
    "an index line of an unknown status": {"status": "on fire", "nextcheck": "2026-11-22T08:00:00+00:00"},
}


@dataclass(frozen=True)
class Kept:
    """A document as it was, to be put back."""

    blob: BlobClient
    content: bytes
    metadata: dict[str, str]

    @classmethod
    def of(cls, play: Play, name: str) -> "Kept":
        """The document as it is now."""
        blob = play.storage.get_blob_client(play.state, name)
        download = blob.download_blob()
        return cls(blob, download.readall(), dict(download.properties.metadata))

    def replace(self, content: bytes, metadata: dict[str, str] | None = None) -> None:
        """Write another content over it."""
        self.blob.upload_blob(content, overwrite=True, metadata=self.metadata if metadata is None else metadata)

    def is_untouched(self, content: bytes) -> bool:
        """Whether it still has that content."""
        return self.blob.download_blob().readall() == content

    def put_back(self) -> None:
        """As blob versioning would."""
        self.replace(self.content)


def damaged_run(stage: Stage, how: str) -> Outcome:
    """The document of a run whose job runs, its index line lost with it; another pipeline's run goes on."""
    return _damaged(stage, "a run's document", how, lambda play: f"open/{_open(play, play.pipelines[0])}.json", {})


def damaged_slot(stage: Stage, how: str) -> Outcome:
    """The slot of a pipeline that trains."""
    return _damaged(stage, "a slot", how, lambda play: f"pipelines/{play.pipelines[0]}.json", None)


def broken_line(stage: Stage, how: str) -> Outcome:
    """The index line of a run whose job runs: it is made anew from the document, and nobody has to do anything."""
    play = _begun(stage)
    kept = Kept.of(play, f"open/{_open(play, play.pipelines[0])}.json")
    kept.replace(kept.content, BROKEN_LINES[how])
    ticked_until_over(play)
    play.keep_artefacts()
    return Outcome(1, tuple(f"{how}: {each}" for each in troubles(play)))


def _damaged(
    stage: Stage, what: str, how: str, name_of: Callable[[Play], str], metadata: dict[str, str] | None
) -> Outcome:
    play = _begun(stage)
    name = name_of(play)
    kept = Kept.of(play, name)
    content = DAMAGES[how](kept.content)
    kept.replace(content, metadata)
    delivered(play, play.upload(play.pipelines[0], 2))
    for _ in range(4):
        jobs_are_done(play)
        ticked(play)
    said = [*_while_damaged(play, name), *([] if kept.is_untouched(content) else [f"{name} was touched"])]
    kept.put_back()
    ticked_until_over(play)
    said += [*troubles_of(play, play.pipelines[0], 2), *troubles_of(play, play.pipelines[1])]
    play.keep_artefacts()
    return Outcome(len(play.journal.named("document_unreadable")), tuple(f"{what} {how}: {each}" for each in said))


def _begun(stage: Stage) -> Play:
    """Two pipelines, each with a run whose job runs or has just ended."""
    play = stage.play(2)
    for pipeline in play.pipelines:
        delivered(play, play.upload(pipeline))
    return play


def _while_damaged(play: Play, name: str) -> list[str]:
    """What is not as it must be before anybody has repaired it."""
    first, beside = play.pipelines
    reports = [line["document"] for line in play.journal.named("document_unreadable")]
    said = [f"reported were {reports}"] if set(reports) != {f"{play.state}/{name}"} else []
    if play.trainings(first) != [1]:
        said.append(f"{first} was trained {play.trainings(first)} times")
    if (recorded := _waiting(play, first)) != 1:
        said.append(f"{recorded} uploads of {first} were recorded meanwhile, of 1")
    return [*said, *troubles_of(play, beside), *map(str, play.journal.defects())]


def _waiting(play: Play, pipeline: str) -> int:
    """Runs of the pipeline that are recorded, and say what they wait for."""
    lines = [line for line in play.runs.open_runs() if line.pipeline == pipeline]
    stored = [play.runs.load(line.id) for line in lines if line.status is RunStatus.WAITING]
    return sum(bool(each and each.run.waits_for) for each in stored)


def _open(play: Play, pipeline: str) -> str:
    return next(line.id for line in play.runs.open_runs() if line.pipeline == pipeline)
