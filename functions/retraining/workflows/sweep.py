"""Finding what no event announced (promise 3)."""

from functions.retraining.core.errors import RelearnerError
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import Origin, run_id

from .app import App, Level, PipelineServices
from .publish import model_arrived
from .start import begin
from .take_slot import free_abandoned


def sweep_examples(app: App) -> None:
    """Begin a run for every labeled example, and adopt every trained model, that no run is known for.

    The model first, while the list of open runs is fresh: a training that begins meanwhile would not be in it. One
    pipeline's trouble is written down and stops no other's; the next sweep tries again. Costs one List per 5,000
    blobs of each watched folder, one per 5,000 ended runs, and three reads per pipeline.
    """
    open_runs = list(app.runs.open_runs())
    for services in app.pipelines.values():
        _guarded(app, services, open_runs)


def _guarded(app: App, services: PipelineServices, open_runs: list[OpenRun]) -> None:
    try:
        _sweep_models_of(app, services, open_runs)
        _sweep_examples_of(app, services, {entry.id for entry in open_runs})
        free_abandoned(app, services.pipeline.name)
    except RelearnerError as error:
        app.journal.event("sweep_failed", Level.ERROR, pipeline=services.pipeline.name, why=str(error))
    except Exception as error:
        app.journal.defect("sweep_failed", error, pipeline=services.pipeline.name)


def _sweep_examples_of(app: App, services: PipelineServices, open_ids: set[str]) -> None:
    pipeline = services.pipeline
    known = open_ids | set(app.runs.ended_ids(pipeline.name))
    for dataset in pipeline.batch_execution.inputs:
        for version in app.blobs.under(dataset.container, dataset.fixed_prefix):
            if dataset.holds(version.container, version.name) and run_id(pipeline.name, version) not in known:
                app.journal.event("blob_unannounced", Level.WARNING, blob=version.path, pipeline=pipeline.name)
                begin(app, services, Origin.LABELED_EXAMPLE, version)


def _sweep_models_of(app: App, services: PipelineServices, open_runs: list[OpenRun]) -> None:
    place = services.pipeline.trained_model
    for version in list(app.blobs.under(place.container, place.fixed_prefix)):
        if place.holds(version.container, version.name):
            model_arrived(app, services, open_runs, version.name)
