"""Which training makes the model that an update puts live."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.retraining.core.definitions import BlobDataset

from .batch_execution import Training
from .node import quoted
from .places import is_known, same_blob
from .update_resource import Update


class Trained(NamedTuple):
    """A training, and the updates that use its model: each with that model as the training writes it."""

    training: Training
    updates: tuple[tuple[Update, BlobDataset], ...]


def with_their_updates(trainings: Sequence[Training], updates: Sequence[Update]) -> list[Trained]:
    """Give each training its updates; an update without training is a fault, as is a training without update."""
    found: list[list[tuple[Update, BlobDataset]]] = [[] for _ in trainings]
    for update in updates:
        index, model = _training_of(update, trainings)
        if model is not None:
            found[index].append((update, model))
        elif update.definition is not None:
            _tell_stranger(update, trainings)
    placed = sum(map(len, found))
    for training, own in zip(trainings, found, strict=True):
        if own:
            _tell_several_models(own)
        elif updates and placed == len(updates):
            expected = "expected one that uses its trained model, or this activity taken out"
            training.activity.node.fault(f"trains for no AzureMLUpdateResource of this pipeline; {expected}")
    return [Trained(training, tuple(own)) for training, own in zip(trainings, found, strict=True)]


def _training_of(update: Update, trainings: Sequence[Training]) -> tuple[int, BlobDataset | None]:
    """The training that writes the update's model: the same dataset, or the same blob spelled otherwise."""
    model = None if update.definition is None else update.definition.trained_model_dataset
    for index, training in enumerate(trainings):
        for dataset in _outputs(training):
            if model is not None and (dataset.name == model.name or same_blob(dataset, model)):
                return index, dataset
    return -1, None


def _tell_stranger(update: Update, trainings: Sequence[Training]) -> None:
    """Say so only where every output is known: else the model may be the one that is at fault itself."""
    model = None if update.definition is None else update.definition.trained_model_dataset
    known = [dataset for training in trainings for dataset in _outputs(training)]
    is_whole = all(training.outputs and None not in training.outputs.values() for training in trainings)
    if model is None or not known or not is_whole or not all(map(is_known, (model, *known))):
        return
    names = ", ".join(dataset.name for dataset in known)
    which = "the training" if len(trainings) == 1 else "a training of this pipeline"
    update.model_node.fault(f"is not among the webServiceOutputs of {which}; expected one of: {names}")


def _tell_several_models(own: Sequence[tuple[Update, BlobDataset]]) -> None:
    first_update, first = own[0]
    for update, model in own[1:]:
        if model.name != first.name:
            update.model_node.fault(
                f"is another model than the one of {quoted(first_update.activity.name or '?')}, which the same "
                f"training writes; expected {first.name}, or a pipeline with a training of its own for this model"
            )


def _outputs(training: Training) -> list[BlobDataset]:
    return [dataset for dataset in (training.outputs or {}).values() if dataset is not None]
