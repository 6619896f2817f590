"""Looking at one open run: ask what is cheapest first, load the document only if something is to be done."""

from functions.retraining.core.effects import GetJob
from functions.retraining.core.errors import ServiceError
from functions.retraining.core.index import OpenRun, index_of
from functions.retraining.core.observed import CallFailed, JobSeen, JobStatus, Looked, Observed, Overtaken
from functions.retraining.core.policy import overran
from functions.retraining.core.run import Run

from .advance import advance
from .app import App, Level, PipelineServices


def look_at(app: App, entry: OpenRun) -> Run | None:
    """Move the run on if it can be; the run as it was left, or None if there was nothing to do.

    The document is the truth: where its index line says something else, what was asked on the line's word is dropped.
    Raises Unreadable if the document cannot be read.
    """
    if entry.unreadable:
        raise entry.unreadable
    services = app.pipelines.get(entry.pipeline)
    if services is None:
        app.journal.event("pipeline_missing", Level.ERROR, run=entry.id, pipeline=entry.pipeline)
        return None
    observed = _job_of(services, entry)
    if _goes_on(app, services, entry, observed):
        return None
    stored = app.runs.load(entry.id)
    if stored is None or stored.run.next_check_at > app.clock.now():
        return None
    if _differs(entry, stored.run):
        return look_at(app, index_of(stored.run))
    return advance(app, services, stored, observed or Looked())


def overtake(app: App, entry: OpenRun, by: str) -> Run | None:
    """End a waiting run in favour of a newer one, unless it has begun meanwhile; the run as it was left."""
    services, stored = app.pipelines[entry.pipeline], app.runs.load(entry.id)
    if stored is None or _differs(entry, stored.run) or stored.run.claim:
        return None
    return advance(app, services, stored, Overtaken(by))


def _differs(entry: OpenRun, run: Run) -> bool:
    """Whether what the index said, and what was asked on its word, is of another pipeline, status or job.

    Another host moved the run meanwhile, or somebody has changed the line by hand.
    """
    another_job = entry.job is not None and (run.job is None or run.job.id != entry.job)
    return another_job or (run.pipeline, run.status) != (entry.pipeline, entry.status)


def _job_of(services: PipelineServices, entry: OpenRun) -> Observed | None:
    """The job's status, if the index line is enough to ask for it."""
    if entry.job is None:
        return None
    try:
        return services.batch_execution.get(entry.job)
    except ServiceError as error:
        return CallFailed(GetJob(), error)


def _goes_on(app: App, services: PipelineServices, entry: OpenRun, observed: Observed | None) -> bool:
    """Whether the answer changes nothing: the job is on its way and in time."""
    if not isinstance(observed, JobSeen) or observed.status not in {JobStatus.NOT_STARTED, JobStatus.RUNNING}:
        return False
    return not overran(services.policies.training, entry.attempt_started_at, app.clock.now())
