"""Pipelines as the definitions' loader would make them."""

from dataclasses import replace

from functions.retraining.core.definitions import (
    ActivityPolicy,
    AzureMLLinkedService,
    BatchExecutionActivity,
    BlobDataset,
    ConnectionStringAccess,
    Pipeline,
    StorageLinkedService,
    UpdateResourceActivity,
)
from functions.retraining.core.secret import Secret
from functions.retraining.core.slices import Partition

STORAGE = StorageLinkedService("storage", ConnectionStringAccess(Secret("UseDevelopmentStorage=true")))
TO_THE_SECOND = (Partition("second", "yyyyMMddHHmmss"),)


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
        (UpdateResourceActivity("update", service, "model [trained model]", model, update or ActivityPolicy()),),
    )


def with_updates(pipeline: Pipeline, **policies: ActivityPolicy) -> Pipeline:
    """The same pipeline with these update resource activities after its first one."""
    (first,) = pipeline.update_resources
    more = (replace(first, name=name, policy=policy) for name, policy in policies.items())
    return replace(pipeline, update_resources=(first, *more))


def with_inputs(pipeline: Pipeline, *datasets: BlobDataset) -> Pipeline:
    """The same pipeline with these inputs instead of its own."""
    inputs = {dataset.name: dataset for dataset in datasets}
    training = replace(pipeline.batch_execution, web_service_input=None, web_service_inputs=inputs)
    return replace(pipeline, batch_execution=training)


def with_partitioned_output(pipeline: Pipeline) -> Pipeline:
    """The same pipeline with a place of its own for each run's model, down to the second."""
    name = f"{pipeline.name}-{{second}}.ilearner"
    model = replace(pipeline.trained_model, file_name=name, partitioned_by=TO_THE_SECOND)
    training = replace(pipeline.batch_execution, web_service_outputs={"output1": model})
    updates = tuple(replace(update, trained_model_dataset=model) for update in pipeline.update_resources)
    return replace(pipeline, batch_execution=training, update_resources=updates)
