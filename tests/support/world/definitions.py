"""Pipelines as the definitions' loader would make them."""

from functions.retraining.core.definitions import (
    ActivityPolicy,
    AzureMLLinkedService,
    BatchExecutionActivity,
    BlobDataset,
    Pipeline,
    StorageLinkedService,
    UpdateResourceActivity,
)
from functions.retraining.core.secret import Secret

STORAGE = StorageLinkedService("storage", Secret("UseDevelopmentStorage=true"))


def pipeline(
    name: str = "retraining",
    training: ActivityPolicy | None = None,
    update: ActivityPolicy | None = None,
    file_name: str | None = None,
) -> Pipeline:
    """A pipeline whose examples lie in `examples/<name>/` and whose model is `output/<name>.ilearner`."""
    examples = BlobDataset("examples", STORAGE, f"examples/{name}", file_name)
    model = BlobDataset("model", STORAGE, "output", f"{name}.ilearner")
    service = AzureMLLinkedService("service", "https://service/jobs", Secret("key"))
    return Pipeline(
        name,
        BatchExecutionActivity("train", service, examples, {}, {"output1": model}, policy=training or ActivityPolicy()),
        UpdateResourceActivity("update", service, "model [trained model]", model, update or ActivityPolicy()),
    )
