"""One effect, one call: what `decide` asked for, done, and the answer as an observation."""

from collections.abc import Mapping

from functions.retraining.core.blobs import BlobVersion, Model
from functions.retraining.core.effects import (
    ArchiveBlob,
    ArchiveOutput,
    CancelJob,
    CheckBlob,
    CheckInputs,
    Effect,
    FollowUpdate,
    GetJob,
    ReadScoring,
    SendModel,
    Start,
    Submit,
    TakeSlot,
    TakeUpdateSeat,
)
from functions.retraining.core.errors import PermanentError, ServiceError
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
    ScoringSeen,
    UpdateAnswered,
    UpdateSeen,
)
from functions.retraining.core.ports import ScoringService
from functions.retraining.core.run import Run

from .app import App, PipelineServices
from .check_inputs import check_inputs
from .take_slot import take_slot, take_update_seat


def perform(app: App, services: PipelineServices, run: Run, effect: Effect) -> Observed:
    """Make the call. A service's refusal is an observation too; StateError is raised."""
    try:
        return _call(app, services, run, effect)
    except ServiceError as error:
        return CallFailed(effect, error)


def _call(app: App, services: PipelineServices, run: Run, effect: Effect) -> Observed:
    match effect:
        case TakeSlot():
            return take_slot(app, run, services.policies.training.concurrency)
        case TakeUpdateSeat():
            return take_update_seat(app, run)
        case CheckBlob():
            return BlobSeen(app.blobs.version(run.blob.container, run.blob.name))
        case CheckInputs():
            return check_inputs(app, services, run)
        case ArchiveOutput(location):
            return _archived(app.archive.copy_output(run, location))
        case ArchiveBlob():
            return _archived(app.archive.copy_blob(run))
        case ReadScoring() | SendModel() | FollowUpdate():
            return UpdateAnswered(effect.activity, _call_scoring(services.scoring[effect.activity], run, effect))
        case _:
            return _call_training(app, services, run, effect)


def _call_scoring(
    scoring: ScoringService, run: Run, effect: ReadScoring | SendModel | FollowUpdate
) -> ScoringSeen | ModelSent | UpdateSeen:
    match effect:
        case ReadScoring():
            return scoring.read(_model(run))
        case SendModel():
            return ModelSent(scoring.send(_model(run)))
        case FollowUpdate():
            return scoring.follow(effect.operation)


def _call_training(
    app: App, services: PipelineServices, run: Run, effect: Submit | Start | GetJob | CancelJob
) -> Observed:
    training = services.batch_execution
    match effect:
        case Submit():
            inputs = run.inputs or _only_input(services, run)
            return JobSubmitted(training.submit(inputs, run.blob.last_modified), app.clock.now())
        case Start():
            training.start(_job_id(run))
            return JobStarted()
        case GetJob():
            return training.get(_job_id(run))
        case CancelJob():
            training.cancel(_job_id(run))
            return JobCancelled()


def _only_input(services: PipelineServices, run: Run) -> Mapping[str, BlobVersion]:
    """Raises PermanentError if the definitions have been changed so that nothing reads the example any more."""
    try:
        return {services.pipeline.example_of(run.blob.container, run.blob.name).name: run.blob}
    except LookupError as error:
        call = "submit the job"
        raise PermanentError(call, str(error)) from error


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
