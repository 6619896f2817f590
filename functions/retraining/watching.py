"""Do the definitions fit what the doors watch? Pure."""

from collections.abc import Iterator

from .adf.accounts import account_of
from .core.definitions import BlobDataset, Pipeline
from .core.errors import Fault
from .settings import Settings

HOST_CONTAINERS = "azure-webjobs-"
"""What the host's own containers begin with: its keys, its locks, its receipts."""


def watching_faults(settings: Settings, pipelines: tuple[Pipeline, ...]) -> tuple[Fault, ...]:
    """Everything that would make a door see nothing, or see what the app itself writes; each fault once."""
    return tuple(dict.fromkeys(_faults(settings, pipelines)))


def _faults(settings: Settings, pipelines: tuple[Pipeline, ...]) -> Iterator[Fault]:
    examples, models = settings.labeled_examples_container, settings.trained_models_container
    for pipeline in pipelines:
        inputs = pipeline.batch_execution.inputs
        if not any(dataset.container == examples for dataset in inputs):
            yield from _unwatched(inputs[0], "LABELED_EXAMPLES_CONTAINER", examples)
        yield from _unwatched(pipeline.trained_model, "TRAINED_MODELS_CONTAINER", models)
        for dataset in (*inputs, pipeline.trained_model):
            yield from _other_account(dataset, settings)
        for dataset in (*inputs, *pipeline.batch_execution.web_service_outputs.values()):
            yield from _in_own_container(dataset, settings)
    yield from _self_watching(settings)


def _unwatched(dataset: BlobDataset, setting: str, watched: str) -> Iterator[Fault]:
    if watched and dataset.container != watched:
        problem = f"its container {dataset.container!r} is not watched: setting {setting} is {watched!r}"
        yield Fault(f"dataset {dataset.name}", problem)


def _other_account(dataset: BlobDataset, settings: Settings) -> Iterator[Fault]:
    theirs = account_of(dataset.linked_service.access)
    ours = account_of(settings.training_storage)
    if theirs and ours and theirs != ours:
        problem = f"its account ({theirs}) is not the one of setting TrainingStorage ({ours}), which the triggers watch"
        yield Fault(f"linked service {dataset.linked_service.name}", problem)


def _in_own_container(dataset: BlobDataset, settings: Settings) -> Iterator[Fault]:
    """The training web service would overwrite run documents, archived models or the host's keys.

    If that container is watched as well, the setting's own fault says so.
    """
    watched = {settings.labeled_examples_container, settings.trained_models_container}
    own = {container: setting for setting, container in _own(settings).items()}
    is_ours = account_of(dataset.linked_service.access) == account_of(settings.training_storage)
    if is_ours and dataset.container in own and dataset.container not in watched:
        problem = f"its container {dataset.container!r} is the app's own, by setting {own[dataset.container]}"
        yield Fault(f"dataset {dataset.name}", problem)
    if dataset.container.startswith(HOST_CONTAINERS):
        yield Fault(f"dataset {dataset.name}", f"its container {dataset.container!r} is the Functions host's own")


def _self_watching(settings: Settings) -> Iterator[Fault]:
    watched = {settings.labeled_examples_container, settings.trained_models_container}
    for setting, container in _own(settings).items():
        if container in watched:
            yield Fault(f"setting {setting}", f"is {container!r}, which is watched: each write would fire the trigger")
    yield from _shared(settings)


def _shared(settings: Settings) -> Iterator[Fault]:
    """What is kept in one container is not told apart: models, dead letters and run documents are each counted."""
    first: dict[str, str] = {}
    for setting, container in _own(settings).items():
        if container in first:
            yield Fault(f"setting {setting}", f"is {container!r} as {first[container]} is; give it one of its own")
        first.setdefault(container, setting)


def _own(settings: Settings) -> dict[str, str]:
    """The app's own containers by their setting."""
    own = {
        "RETRAINING_STATE_CONTAINER": settings.state_container,
        "MODEL_ARCHIVE_CONTAINER": settings.models_container,
        "DEAD_LETTER_CONTAINER": settings.dead_letter_container or "",
    }
    return {setting: container for setting, container in own.items() if container}
