"""What a dataset has to be for the part it plays: examples, an output, the trained model.

The faults name the dataset's own document, where they are put right.
"""

from functions.retraining.core.definitions import TRAINED_MODEL_EXTENSION, BlobDataset

from .findings import Unset
from .shelf import Shelf

# What the service reads; any other is its error InvalidBlobExtension.
EXAMPLE_EXTENSIONS = (".csv", ".tsv", ".arff")


def as_examples(dataset: BlobDataset, datasets: Shelf[BlobDataset]) -> BlobDataset | None:
    """Examples: a blob of a kind that the service reads, or a folder of them (our own extension)."""
    name = dataset.file_name
    if name is None or isinstance(name, Unset) or name.lower().endswith(EXAMPLE_EXTENSIONS):
        return dataset
    problem = "is not of a kind that the training web service reads; expected .csv, .tsv or .arff at its end"
    datasets.source(dataset.name, "fileName").fault(problem)
    return None


def as_output(dataset: BlobDataset, datasets: Shelf[BlobDataset]) -> BlobDataset | None:
    """An output: the service writes one blob, so it needs a name."""
    if dataset.file_name is not None:
        return dataset
    problem = "is missing; expected the name of the blob that the service writes (a trained model's ends in .ilearner)"
    datasets.source(dataset.name, "fileName").fault(problem)
    return None


def as_trained_model(dataset: BlobDataset, datasets: Shelf[BlobDataset]) -> BlobDataset | None:
    """The trained model: an `.ilearner`. Users are known to leave the training output as .csv."""
    name = None if as_output(dataset, datasets) is None else dataset.file_name
    if name is None:
        return None
    if isinstance(name, Unset) or name.endswith(TRAINED_MODEL_EXTENSION):
        return dataset
    left_as_csv = ": a training output left as .csv is not a model" if name.lower().endswith(".csv") else ""
    problem = f"is not a trained model{left_as_csv}; expected {TRAINED_MODEL_EXTENSION} at its end"
    datasets.source(dataset.name, "fileName").fault(problem)
    return None


def is_among(dataset: BlobDataset, examples: BlobDataset) -> bool:
    """Whether a blob written as `dataset` would be seen as a new example."""
    judged = (dataset.file_name, dataset.folder_path, examples.file_name, examples.folder_path)
    if dataset.blob_name is None or any(isinstance(text, Unset) for text in judged):
        return False
    same_account = dataset.linked_service.connection_string == examples.linked_service.connection_string
    return same_account and examples.holds(dataset.container, dataset.blob_name)
