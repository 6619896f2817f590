"""Finding what no event announced (promise 3)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.errors import RelearnerError
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import Origin, run_id

from .app import App, Level, PipelineServices
from .dead_letters import report_dead_letters
from .heartbeat import Seen, report_sweep
from .listings import Listings, by_place
from .publish import model_arrived
from .quarantine import left_for_later
from .start import begin
from .take_slot import free_abandoned
from .turns import in_time, in_turn, time_is_up


@dataclass(frozen=True)
class _Sweep:
    """What one sweep knows: when it began (UTC), which runs were open then, what it came by."""

    app: App
    began: datetime
    open_runs: Sequence[OpenRun]
    listings: Listings
    seen: Seen

    @property
    def is_over(self) -> bool:
        """Whether the rest is left to the next sweep."""
        return time_is_up(self.app.clock, self.began)

    def in_time(self, versions: Iterable[BlobVersion]) -> Iterator[BlobVersion]:
        """The versions, as long as there is time."""
        return in_time(versions, self.app.clock, self.began)


def sweep_examples(app: App) -> None:
    """Begin a run for every labeled example, and adopt every trained model, that no run is known for.

    The model first, while the list of open runs is fresh: a training that begins meanwhile would not be in it. One
    pipeline's trouble is written down and stops no other's; the next sweep tries again. Costs one List per 5,000 open
    runs; one per 5,000 blobs of each watched place, however many pipelines watch it; for each pipeline one per 5,000
    ended runs, and two reads of its slot; and one List of dead letters where there is a container for them. What does
    not fit into the timer's budget is left to the next sweep, which takes the pipelines in another order.
    """
    sweep = _begun(app)
    for group in in_turn(by_place(app.pipelines.values()), sweep.began):
        for services in in_turn(group, sweep.began):
            if not sweep.is_over:
                _guarded(sweep, services)
    report_dead_letters(app)
    report_sweep(app, sweep.seen, sweep.began)
    if sweep.is_over:
        _report_unfinished(sweep)


def _begun(app: App) -> _Sweep:
    began, seen = app.clock.now(), Seen()
    pipelines = [services.pipeline for services in app.pipelines.values()]

    def under(container: str, prefix: str) -> Iterator[BlobVersion]:
        return in_time(seen.counted(app.blobs.under(container, prefix)), app.clock, began)

    return _Sweep(app, began, list(app.runs.open_runs()), Listings(under, pipelines), seen)


def _guarded(sweep: _Sweep, services: PipelineServices) -> None:
    app = sweep.app
    try:
        with left_for_later(app.journal, pipeline=services.pipeline.name):
            _sweep_models_of(sweep, services)
        _sweep_examples_of(sweep, services)
        with left_for_later(app.journal, pipeline=services.pipeline.name):
            free_abandoned(app, services.pipeline.name)
    except RelearnerError as error:
        app.journal.event("sweep_failed", Level.ERROR, pipeline=services.pipeline.name, why=str(error))
    except Exception as error:
        app.journal.defect("sweep_failed", error, pipeline=services.pipeline.name)


def _sweep_examples_of(sweep: _Sweep, services: PipelineServices) -> None:
    app, pipeline = sweep.app, services.pipeline
    known = _known(sweep, pipeline.name)
    for dataset in pipeline.batch_execution.inputs:
        for version in sweep.in_time(sweep.listings.of(dataset)):
            if dataset.holds(version.container, version.name) and run_id(pipeline.name, version) not in known:
                app.journal.event("blob_unannounced", Level.WARNING, blob=version.path, pipeline=pipeline.name)
                sweep.seen.found += 1
                begin(app, services, Origin.LABELED_EXAMPLE, version)


def _sweep_models_of(sweep: _Sweep, services: PipelineServices) -> None:
    for version in sweep.in_time(_unseen_models(sweep, services)):
        model_arrived(sweep.app, services, sweep.open_runs, version.name)


def _unseen_models(sweep: _Sweep, services: PipelineServices) -> list[BlobVersion]:
    """The models at the pipeline's place that are not known to be its own runs', nor adopted before.

    Told by the slot and the ended runs' names: a place where each run's model stays would cost three calls for each.
    """
    app, pipeline = sweep.app, services.pipeline
    place = pipeline.trained_model
    models = [version for version in sweep.listings.of(place) if place.holds(version.container, version.name)]
    if not models:
        return []
    until = app.runs.slot(pipeline.name).slot.output_seen_until
    newer = [version for version in models if until is None or version.last_modified > until]
    known = _known(sweep, pipeline.name) if newer else set()
    return [version for version in newer if run_id(pipeline.name, version) not in known]


def _known(sweep: _Sweep, pipeline: str) -> set[str]:
    """The ids of the pipeline's runs, open and ended."""
    return {entry.id for entry in sweep.open_runs if entry.pipeline == pipeline}.union(
        sweep.app.runs.ended_ids(pipeline)
    )


def _report_unfinished(sweep: _Sweep) -> None:
    sweep.app.journal.event(
        "sweep_unfinished",
        Level.WARNING,
        took_seconds=(sweep.app.clock.now() - sweep.began).total_seconds(),
        remedy="the next sweep goes on; if this comes with each sweep, move old examples out of the watched folders",
    )
