"""An `.ilearner` arrived: the output of a run of ours, or a model from elsewhere that is to go live too."""

from collections.abc import Sequence

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.core.settle import output_seen_until

from .app import App, Level, PipelineServices
from .each_for_itself import each_for_itself
from .look import look_at
from .quarantine import left_for_later
from .start import begin

_TRAINING = frozenset({RunStatus.SUBMITTING, RunStatus.SUBMITTED, RunStatus.RUNNING})


def update_scoring(app: App, container: str, name: str) -> None:
    """Move on the run that made this `.ilearner`, or adopt it as a run of its own.

    What appears at a pipeline's place while that pipeline trains is taken for the training's own output. Raises
    ServiceError if storage cannot be asked: the event is then delivered again.
    """
    matching = [each for each in app.pipelines.values() if each.pipeline.trained_model.holds(container, name)]
    if not matching:
        _report_unmatched(app, container, name)
        return
    open_runs = list(app.runs.open_runs())
    each_for_itself(matching, lambda services: model_arrived(app, services, open_runs, name))


def model_arrived(app: App, services: PipelineServices, open_runs: Sequence[OpenRun], name: str) -> None:
    """Look at the pipeline's training runs if there are any; else adopt what lies there under this name.

    Where a document that this needs cannot be read, that is reported and nothing is done: the sweep comes back to it.
    """
    for entry in _training(services, open_runs):
        if entry.due(app.clock.now()):
            with left_for_later(app.journal, run=entry.id, pipeline=entry.pipeline):
                look_at(app, entry)
    with left_for_later(app.journal, pipeline=services.pipeline.name):
        version = version_to_adopt(app, services, open_runs, name)
        if version:
            begin(app, services, Origin.TRAINED_MODEL, version)


def version_to_adopt(
    app: App, services: PipelineServices, open_runs: Sequence[OpenRun], name: str
) -> BlobVersion | None:
    """What lies there under this name; None if nothing does, if a run of ours made it, or while one trains.

    What no run in the list made may be the output of a training that began after the list was read: before it is
    adopted, a list that was read after the blob must say the same.
    """
    if _training(services, open_runs):
        return None
    version = app.blobs.version(services.pipeline.trained_model.container, name)
    if version is None or _is_ours(app, services, open_runs, version):
        return None
    later = list(app.runs.open_runs())
    return None if _training(services, later) or _is_ours(app, services, later, version) else version


def _training(services: PipelineServices, open_runs: Sequence[OpenRun]) -> list[OpenRun]:
    return [each for each in open_runs if each.pipeline == services.pipeline.name and each.status in _TRAINING]


def _is_ours(app: App, services: PipelineServices, open_runs: Sequence[OpenRun], version: BlobVersion) -> bool:
    """Whether a run of ours has archived what lay there at that time, and so this version or a later one."""
    ours = [entry for entry in open_runs if entry.pipeline == services.pipeline.name]
    past_training = [entry for entry in ours if entry.attempt_started_at and entry.status not in _TRAINING]
    loaded = [app.runs.load(entry.id) for entry in past_training]
    # The slot last: a run that is gone by now has written there before it went.
    seen = app.runs.slot(services.pipeline.name).slot.output_seen_until
    untils = [seen, *(output_seen_until(stored.run) for stored in loaded if stored)]
    return any(until and version.last_modified <= until for until in untils)


def _report_unmatched(app: App, container: str, name: str) -> None:
    wanted = {each.pipeline.trained_model for each in app.pipelines.values()}
    places = sorted(f"{dataset.folder_path}/{dataset.file_name}" for dataset in wanted)
    app.journal.event("model_unmatched", Level.WARNING, blob=f"{container}/{name}", expected=places)
