"""Wiring: settings and definitions in, the app out. The one place that knows every room."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from azure.storage.blob import BlobServiceClient

from . import settings as app_settings
from .adf import load, read_folder
from .allowed_hosts import allowed_host_faults
from .app_identity import app_identity
from .azureml.batch_execution import ClassicBatchExecution
from .azureml.pipeline import keyed_service
from .azureml.scoring import scoring_service
from .clock import SystemClock
from .core.definitions import ConnectionStringAccess, Pipeline
from .core.errors import ConfigurationError, Fault
from .core.policy import Policies
from .journal import LogJournal
from .settings import Settings
from .storage.access import Identity, blob_service
from .storage.blobs import StorageBlobs
from .storage.documents import Documents
from .storage.model_archive import StorageModelArchive
from .storage.references import StorageReferences
from .storage.run_store import StorageRunStore
from .watching import watching_faults
from .workflows.app import App, PipelineServices
from .workflows.poison import record_poison
from .workflows.poll import poll_runs
from .workflows.publish import update_scoring
from .workflows.start import start_retraining
from .workflows.sweep import sweep_examples


class Relearner:
    """The app as its doors see it: one method for each, named as the door is."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.start_retraining = partial(start_retraining, app)
        self.poll_runs = partial(poll_runs, app)
        self.update_scoring = partial(update_scoring, app)
        self.sweep_examples = partial(sweep_examples, app)
        self.record_poison = partial(record_poison, app)


def build(values: Mapping[str, str], root: Path = Path(), **overrides: Any) -> Relearner:  # noqa: ANN401 - App's fields
    """The app from these settings; ADF_FOLDER is relative to `root`. `overrides` replace fields of `App`.

    Raises ConfigurationError with every fault of the settings and the definitions at once.
    """
    faults: list[Fault] = []
    settings = app_settings.read(values, faults)
    pipelines = _pipelines(root / settings.adf_folder, values, faults)
    faults.extend(watching_faults(settings, pipelines))
    faults.extend(allowed_host_faults(settings.allowed_service_hosts, pipelines))
    storage = _storage(settings, faults)
    if faults or storage is None:
        raise ConfigurationError(tuple(faults))
    return Relearner(replace(_app(settings, pipelines, storage), **overrides))


def _pipelines(folder: Path, values: Mapping[str, str], faults: list[Fault]) -> tuple[Pipeline, ...]:
    try:
        factory = load(read_folder(folder), values)
    except ConfigurationError as error:
        faults.extend(error.faults)
        return ()
    faults.extend(factory.faults)
    return factory.pipelines


def _storage(settings: Settings, faults: list[Fault]) -> BlobServiceClient | None:
    access = settings.training_storage
    if isinstance(access, ConnectionStringAccess) and not access.connection_string.reveal():
        return None
    try:
        return blob_service(access, _identity(settings))
    except ValueError:
        name = app_settings.TRAINING_STORAGE
        faults.append(Fault(f"setting {name}", "is neither a storage connection string nor a blob service's address"))
        return None


def _app(settings: Settings, pipelines: tuple[Pipeline, ...], storage: BlobServiceClient) -> App:
    archive = StorageModelArchive(storage, settings.models_container, settings.model_link_life)
    return App(
        pipelines={pipeline.name: _services(pipeline, archive, settings) for pipeline in pipelines},
        runs=StorageRunStore(Documents(storage, settings.state_container)),
        blobs=StorageBlobs(storage),
        archive=archive,
        clock=SystemClock(),
        journal=LogJournal(),
        dead_letter_container=settings.dead_letter_container,
    )


def _services(pipeline: Pipeline, archive: StorageModelArchive, settings: Settings) -> PipelineServices:
    training = keyed_service(pipeline.batch_execution.linked_service.api_key)
    identity = _identity(settings)
    return PipelineServices(
        pipeline=pipeline,
        policies=Policies.of(pipeline, settings.run_lease),
        batch_execution=ClassicBatchExecution(pipeline, training, StorageReferences(identity)),
        scoring={each.name: scoring_service(each, archive, identity) for each in pipeline.update_resources},
    )


def _identity(settings: Settings) -> Identity:
    return partial(app_identity, settings.identity_client_id)
