"""What a blob has to be for the part it plays: examples, an output, the trained model.

The faults are told where the blob's name is written, which is where they are put right.
"""

from functions.retraining.core.definitions import TRAINED_MODEL_EXTENSION, BlobDataset, SasUriAccess, Validation

from .accounts import split_account
from .blob_ports import Blob
from .findings import Unset

# What the service reads; any other is its error InvalidBlobExtension.
EXAMPLE_EXTENSIONS = (".csv", ".tsv", ".arff")


def as_examples(blob: Blob) -> BlobDataset | None:
    """Examples: a blob of a kind that the service reads, or a folder of them (our own extension)."""
    name = blob.dataset.file_name
    if name is None or isinstance(name, Unset) or name.lower().endswith(EXAMPLE_EXTENSIONS):
        return _in_signed_container(blob)
    expected = "expected .csv, .tsv or .arff at its end"
    blob.name_node.fault(f"is not of a kind that the training web service reads; {expected}")
    return None


def as_output(blob: Blob) -> BlobDataset | None:
    """An output: the service writes one blob, so it needs a name. Nothing looks at it before it is used."""
    if blob.dataset.validation != Validation():
        blob.policy_node.member("validation").not_supported("a check of what the training writes; take it out")
    if blob.dataset.file_name is not None:
        return _in_signed_container(blob)
    what = "the name of the blob that the service writes (a trained model's ends in .ilearner)"
    blob.name_node.fault(f"is missing; expected {what}")
    return None


def as_trained_model(blob: Blob) -> BlobDataset | None:
    """The trained model: an `.ilearner`. Users are known to leave the training output as .csv."""
    dataset = as_output(blob)
    name = None if dataset is None else dataset.file_name
    if name is None:
        return None
    if isinstance(name, Unset) or name.endswith(TRAINED_MODEL_EXTENSION):
        return dataset
    left_as_csv = ": a training output left as .csv is not a model" if name.lower().endswith(".csv") else ""
    blob.name_node.fault(f"is not a trained model{left_as_csv}; expected {TRAINED_MODEL_EXTENSION} at its end")
    return None


def _in_signed_container(blob: Blob) -> BlobDataset | None:
    """A shared access signature may be for one container; what lies in another cannot be reached with it."""
    access = blob.dataset.linked_service.access
    signed = split_account(access.url)[1] if isinstance(access, SasUriAccess) else ""
    if not signed or isinstance(blob.dataset.folder_path, Unset) or signed == blob.dataset.container:
        return blob.dataset
    problem = f"lies outside of container {signed!r}, the only one that sasUri is for"
    blob.name_node.fault(f"{problem}; expected an account's sasUri, or that container")
    return None
