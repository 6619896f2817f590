"""Door: an `.ilearner` arrived."""

import azure.functions as func

from .blob_reference import BlobReference
from .blob_source import blob_source
from .relearner import relearner

door = func.Blueprint()


@door.blob_trigger(
    arg_name="blob",
    path="%TRAINED_MODELS_CONTAINER%/{name}.ilearner",
    connection="TrainingStorage",
    source=blob_source(),
)
def update_scoring(blob: BlobReference) -> None:
    """Put the trained model behind the scoring web service, whoever made it."""
    relearner().update_scoring(blob.container, blob.name)
