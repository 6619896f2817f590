"""The world put together, and an app over it."""

from dataclasses import dataclass
from datetime import timedelta

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.documents import decode_run, decode_slot
from functions.retraining.core.policy import Policies
from functions.retraining.core.run import Run
from functions.retraining.core.slot import Slot
from functions.retraining.workflows.app import App, PipelineServices
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.start import start_retraining

from .blobs import MemoryArchive, MemoryBlobs
from .clock import SettableClock
from .definitions import pipeline
from .journal import KeptJournal
from .run_store import MemoryRunStore
from .scoring_service import MemoryScoringService
from .steps import Steps
from .training_service import MemoryBatchExecution


@dataclass
class World:
    """Everything outside the app's memory: it outlives every host.

    `scoring` is by pipeline, and by `pipeline/activity` for the activities after the first.
    """

    steps: Steps
    clock: SettableClock
    journal: KeptJournal
    blobs: MemoryBlobs
    archive: MemoryArchive
    runs: MemoryRunStore
    pipelines: dict[str, Pipeline]
    training: dict[str, MemoryBatchExecution]
    scoring: dict[str, MemoryScoringService]

    def upload(self, name: str = "day1.csv", pipeline: str = "retraining", size: int = 100) -> BlobVersion:
        """Put a labeled example in its place; no event says so."""
        return self.blobs.put("examples", f"{pipeline}/{name}", size=size)

    def announce(self, app: App, version: BlobVersion) -> None:
        """Deliver the event of an uploaded example."""
        start_retraining(app, version.container, version.name)

    def publish(self, pipeline: str = "retraining", size: int = 100) -> BlobVersion:
        """Put a trained model that nobody here made into the pipeline's place."""
        return self.blobs.put("output", f"{pipeline}.ilearner", size=size)

    def passes(self, time: timedelta) -> None:
        """Let time pass and the services work."""
        self.clock.advance(time)
        for service in self.training.values():
            service.work()
        for scoring in self.scoring.values():
            scoring.work()

    def tick(self, app: App, times: int = 1, every: timedelta = timedelta(minutes=1)) -> None:
        """Let the timer fire, `every` after one another."""
        for _ in range(times):
            self.passes(every)
            poll_runs(app)

    def ended_runs(self, pipeline: str | None = None) -> list[Run]:
        """The lasting documents, by id."""
        folder = f"runs/{pipeline}/" if pipeline else "runs/"
        documents = sorted(self.runs.documents.items())
        return [decode_run(kept.content, name) for name, kept in documents if name.startswith(folder)]

    def open_runs(self) -> list[Run]:
        """The open documents, by id."""
        documents = sorted(self.runs.documents.items())
        return [decode_run(kept.content, name) for name, kept in documents if name.startswith("open/")]

    def slot(self, pipeline: str = "retraining") -> Slot:
        """The pipeline's slot."""
        kept = self.runs.documents.get(f"pipelines/{pipeline}")
        return decode_slot(kept.content, pipeline) if kept else Slot(pipeline=pipeline)


def make_world(*pipelines: Pipeline) -> World:
    """A world for these pipelines (one with no policies unless given)."""
    known = {each.name: each for each in pipelines or (pipeline(),)}
    steps, clock = Steps(), SettableClock()
    blobs = MemoryBlobs(steps, clock)
    archive = MemoryArchive(steps, blobs)
    training = {
        name: MemoryBatchExecution(name, steps, clock, blobs, each.trained_model) for name, each in known.items()
    }
    scoring = {
        key: MemoryScoringService(steps, clock, archive, key)
        for each in known.values()
        for key in _scoring_keys(each).values()
    }
    return World(steps, clock, KeptJournal(), blobs, archive, MemoryRunStore(steps), known, training, scoring)


def make_app(world: World) -> App:
    """A host's app over the world: nothing of it is remembered from another. One thread: the same order each time."""
    services = {
        name: PipelineServices(each, Policies.of(each), world.training[name], _scoring_of(world, each))
        for name, each in world.pipelines.items()
    }
    return App(services, world.runs, world.blobs, world.archive, world.clock, world.journal, looks_at_once=1)


def _scoring_of(world: World, pipeline: Pipeline) -> dict[str, MemoryScoringService]:
    return {activity: world.scoring[key] for activity, key in _scoring_keys(pipeline).items()}


def _scoring_keys(pipeline: Pipeline) -> dict[str, str]:
    """Where each update resource activity's scoring web service is kept: the first under the pipeline's name."""
    first, *more = pipeline.update_resources
    return {first.name: pipeline.name} | {each.name: f"{pipeline.name}/{each.name}" for each in more}
