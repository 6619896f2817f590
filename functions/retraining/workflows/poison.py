"""The host gave up on a blob's event: record the run that it would have begun, for the timer to begin."""

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.errors import Conflict
from functions.retraining.core.examples import refusal
from functions.retraining.core.index import StoredRun
from functions.retraining.core.poison import PoisonMessage, decode_poison
from functions.retraining.core.redact import excerpt
from functions.retraining.core.run import Origin, Run, new_run

from .app import App, Level, PipelineServices
from .each_for_itself import each_for_itself
from .publish import version_to_adopt
from .quarantine import left_for_later
from .report import report
from .start import begin


def record_poison(app: App, content: bytes) -> None:
    """Record a run, in `waiting` and with its reason, in every pipeline whose place this blob lies at.

    Only recorded, not begun: what made the event's function fail on every try would make this one fail too. A run that
    is on record already, open or ended, stays as it is, and so does a document that cannot be read: that is reported. A
    message that names no blob is reported and dropped. Raises ServiceError or StateError if storage cannot be read or
    written: the message then comes again.
    """
    try:
        message = decode_poison(content)
    except ValueError as error:
        said = excerpt(content.decode("utf-8", "replace"))
        app.journal.event("event_given_up", Level.ERROR, message=said, why=f"no blob's event; it is dropped: {error}")
        return
    concerned = [each for each in app.pipelines.values() if _origin_in(each, message)]
    if not concerned:
        _report(app, message, "the blob belongs to no pipeline")
    each_for_itself(concerned, lambda services: _given_up(app, services, message))


def _origin_in(services: PipelineServices, message: PoisonMessage) -> Origin | None:
    """What the blob is to this pipeline; None if nothing."""
    if services.pipeline.takes(message.container, message.name):
        return Origin.LABELED_EXAMPLE
    is_model = services.pipeline.trained_model.holds(message.container, message.name)
    return Origin.TRAINED_MODEL if is_model else None


def _given_up(app: App, services: PipelineServices, message: PoisonMessage) -> None:
    with left_for_later(app.journal, pipeline=services.pipeline.name):
        _look_for_its_version(app, services, message)


def _look_for_its_version(app: App, services: PipelineServices, message: PoisonMessage) -> None:
    if _origin_in(services, message) is Origin.LABELED_EXAMPLE:
        version = app.blobs.version(message.container, message.name)
        origin, absent = Origin.LABELED_EXAMPLE, "the blob is gone by now"
    else:
        version = version_to_adopt(app, services, list(app.runs.open_runs()), message.name)
        origin, absent = Origin.TRAINED_MODEL, "it is gone by now, or the output of a training of this pipeline"
    if version is None:
        _report(app, message, absent, pipeline=services.pipeline.name)
    else:
        _record(app, services, origin, version, message)


def _record(app: App, services: PipelineServices, origin: Origin, version: BlobVersion, message: PoisonMessage) -> None:
    run = new_run(services.pipeline.name, origin, version, app.clock.now(), message.words)
    if refusal(origin, version):
        begin(app, services, origin, version)
        became = "the blob cannot be used: its run says why"
    else:
        became = _saved(app, run)
    _report(app, message, became, pipeline=run.pipeline, run=run.id)


def _saved(app: App, run: Run) -> str:
    """Write the run down unless it is known; in words, what became of it.

    Should it end elsewhere between the two calls, the next look recognises that and removes what was written.
    """
    if app.runs.ended(run.pipeline, run.id):
        return "its run has ended before"
    try:
        app.runs.save(run, None)
    except Conflict:
        return "its run is on record already"
    report(app.journal, StoredRun(run, None), run)
    return "its run is on record now and begins with a tick of the timer"


def _report(app: App, message: PoisonMessage, became: str, **where: str) -> None:
    why = f"{message.words}, its log lines say why; {became}"
    app.journal.event("event_given_up", Level.ERROR, function=message.function, blob=message.path, **where, why=why)
