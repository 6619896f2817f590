"""Finding what no event announced (promise 3)."""

from functions.retraining.core.errors import RelearnerError
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import Origin, run_id

from .app import App, Level, PipelineServices
from .publish import model_arrived
from .start import begin


def sweep_examples(app: App) -> None:
    """Begin a run for every labeled example, and adopt every trained model, that no run is known for.

    The model first, while the list of open runs is fresh: a training that begins meanwhile would not be in it. One
    pipeline's trouble is written down and stops no other's; the next sweep tries again. Costs one List per 5,000
    blobs of each watched folder, one per 5,000 ended runs, and two reads per pipeline.
    """
    open_runs = list(app.runs.open_runs())
    for services in app.pipelines.values():
        _guarded(app, services, open_runs)


def _guarded(app: App, services: PipelineServices, open_runs: list[OpenRun]) -> None:
    try:
        model_arrived(app, services, open_runs)
        _sweep_examples_of(app, services, {entry.id for entry in open_runs})
    except RelearnerError as error:
        app.journal.event("sweep_failed", Level.ERROR, pipeline=services.pipeline.name, why=str(error))
    except Exception as error:
        app.journal.defect("sweep_failed", error, pipeline=services.pipeline.name)


def _sweep_examples_of(app: App, services: PipelineServices, open_ids: set[str]) -> None:
    pipeline, examples = services.pipeline.name, services.pipeline.labeled_examples
    known = open_ids | set(app.runs.ended_ids(pipeline))
    for version in app.blobs.under(examples.container, examples.blob_name or examples.folder):
        if examples.holds(version.container, version.name) and run_id(pipeline, version) not in known:
            app.journal.event("blob_unannounced", Level.WARNING, blob=version.path, pipeline=pipeline)
            begin(app, services, Origin.LABELED_EXAMPLE, version)
