"""A blob arrived: begin a run with it."""

from msgspec.structs import replace

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.examples import refusal
from functions.retraining.core.index import StoredRun
from functions.retraining.core.moves import moved
from functions.retraining.core.observed import Arrived
from functions.retraining.core.run import Failure, Origin, Run, RunStatus, new_run

from .advance import advance, close
from .app import App, Level, PipelineServices
from .each_for_itself import each_for_itself


def start_retraining(app: App, container: str, name: str) -> tuple[Run, ...]:
    """Begin a run in every pipeline whose labeled examples this blob belongs to.

    A blob that belongs to none, or is gone by now, is reported. Raises ServiceError if storage cannot be asked: the
    event is then delivered again, or the sweep finds the blob.
    """
    matching = [each for each in app.pipelines.values() if each.pipeline.takes(container, name)]
    if not matching:
        _report_unmatched(app, container, name)
        return ()
    version = app.blobs.version(container, name)
    if version is None:
        app.journal.event("blob_gone", blob=f"{container}/{name}")
        return ()
    return each_for_itself(matching, lambda each: begin(app, each, Origin.LABELED_EXAMPLE, version))


def begin(app: App, services: PipelineServices, origin: Origin, blob: BlobVersion) -> Run:
    """Begin the run of this version, or find that it has begun before."""
    run = new_run(services.pipeline.name, origin, blob, app.clock.now())
    why = refusal(origin, blob)
    if why is None:
        return advance(app, services, StoredRun(run, None), Arrived())
    skipped = moved(run, RunStatus.SKIPPED, app.clock.now(), why)
    return close(app, StoredRun(run, None), replace(skipped, failure=Failure(message=why)))


def _report_unmatched(app: App, container: str, name: str) -> None:
    wanted = [dataset for each in app.pipelines.values() for dataset in each.pipeline.batch_execution.inputs]
    places = sorted({f"{dataset.folder_path}/{dataset.file_name or dataset.file_filter or '*'}" for dataset in wanted})
    app.journal.event("blob_unmatched", Level.WARNING, blob=f"{container}/{name}", expected=places)
