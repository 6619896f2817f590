"""One effect, one call: what `decide` asked for, done, and the answer as an observation."""

from functions.retraining.core.blobs import Model
from functions.retraining.core.effects import (
    ArchiveBlob,
    ArchiveOutput,
    CancelJob,
    CheckBlob,
    Effect,
    GetJob,
    ReadScoring,
    SendModel,
    Start,
    Submit,
    TakeSlot,
)
from functions.retraining.core.errors import ServiceError
from functions.retraining.core.observed import (
    BlobSeen,
    CallFailed,
    JobCancelled,
    JobStarted,
    JobSubmitted,
    ModelArchived,
    ModelPending,
    ModelSent,
    Observed,
)
from functions.retraining.core.run import Run

from .app import App, PipelineServices
from .take_slot import take_slot


def perform(app: App, services: PipelineServices, run: Run, effect: Effect) -> Observed:
    """Make the call. A service's refusal is an observation too; StateError is raised."""
    try:
        return _call(app, services, run, effect)
    except ServiceError as error:
        return CallFailed(effect, error)


def _call(app: App, services: PipelineServices, run: Run, effect: Effect) -> Observed:
    match effect:
        case TakeSlot():
            return take_slot(app, run)
        case CheckBlob():
            return BlobSeen(app.blobs.version(run.blob.container, run.blob.name))
        case ArchiveOutput(location):
            return _archived(app.archive.copy_output(run, location))
        case ArchiveBlob():
            return _archived(app.archive.copy_blob(run))
        case ReadScoring():
            return services.scoring.read(_model(run))
        case SendModel():
            services.scoring.send(_model(run))
            return ModelSent()
        case _:
            return _call_training(app, services, run, effect)


def _call_training(
    app: App, services: PipelineServices, run: Run, effect: Submit | Start | GetJob | CancelJob
) -> Observed:
    training = services.batch_execution
    match effect:
        case Submit():
            return JobSubmitted(training.submit(run.blob), app.clock.now())
        case Start():
            training.start(_job_id(run))
            return JobStarted()
        case GetJob():
            return training.get(_job_id(run))
        case CancelJob():
            training.cancel(_job_id(run))
            return JobCancelled()


def _archived(model: Model | None) -> ModelArchived | ModelPending:
    return ModelArchived(model) if model else ModelPending()


def _job_id(run: Run) -> str:
    if run.job is None:
        message = f"run {run.id} is {run.status} without a job"
        raise ValueError(message)
    return run.job.id


def _model(run: Run) -> Model:
    if run.model is None:
        message = f"run {run.id} is {run.status} without a model"
        raise ValueError(message)
    return run.model
