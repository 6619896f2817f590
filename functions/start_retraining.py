"""Door: a labeled example arrived."""

import azure.functions as func

from .blob_reference import BlobReference
from .blob_source import blob_source
from .relearner import relearner

door = func.Blueprint()


@door.blob_trigger(
    arg_name="blob",
    path="%LABELED_EXAMPLES_CONTAINER%/{name}",
    connection="TrainingStorage",
    source=blob_source(),
)
def start_retraining(blob: BlobReference) -> None:
    """Begin a run for this example in every pipeline that it belongs to."""
    relearner().start_retraining(blob.container, blob.name)
