"""A pipeline in plain words. No secret, and of addresses only the host."""

from datetime import timedelta

from functions.retraining.core.definitions import (
    ActivityPolicy,
    AzureMLLinkedService,
    BatchExecutionActivity,
    BlobDataset,
    ExecutionPriorityOrder,
    Pipeline,
    UpdateResourceActivity,
)

from .endpoints import host_of


def describe(pipeline: Pipeline) -> list[str]:
    """Lines that say what starts the pipeline, what it calls and by which policies."""
    paused = " (paused: examples wait)" if pipeline.is_paused else ""
    return [
        f"pipeline {pipeline.name!r}{paused}",
        f"  starts when a blob arrives: {_examples(pipeline.labeled_examples)}",
        *_training(pipeline.batch_execution),
        *_update(pipeline.update_resource),
    ]


def _training(activity: BatchExecutionActivity) -> list[str]:
    ports = "its input" if activity.web_service_input else f"input {next(iter(activity.web_service_inputs))!r}"
    parameters = ", ".join(activity.global_parameters)
    return [
        f"  {activity.name!r} trains with it as {ports} at {_service(activity.linked_service)}",
        *[f"    output {port!r}: {_blob(output)}" for port, output in activity.web_service_outputs.items()],
        *([f"    global parameters: {parameters}"] if parameters else []),
        f"    {_policy(activity.policy)}; {_order(activity.policy)}",
    ]


def _update(activity: UpdateResourceActivity) -> list[str]:
    host = host_of(activity.linked_service.update_resource_endpoint or "")
    return [
        f"  {activity.name!r} puts {_blob(activity.trained_model_dataset)}",
        f"    as {activity.trained_model_name!r} behind {_service(activity.linked_service)}, through {host}",
        f"    {_policy(activity.policy)}",
    ]


def _examples(dataset: BlobDataset) -> str:
    if dataset.blob_name is None:
        return f"every blob below {dataset.container}/{dataset.folder} (dataset {dataset.name!r})"
    return _blob(dataset)


def _blob(dataset: BlobDataset) -> str:
    return f"{dataset.container}/{dataset.blob_name} (dataset {dataset.name!r})"


def _service(service: AzureMLLinkedService) -> str:
    return f"{host_of(service.ml_endpoint)} (linked service {service.name!r})"


def _policy(policy: ActivityPolicy) -> str:
    within = f"given up after {_time(policy.timeout)}" if policy.timeout else "no time limit"
    again = {0: "never tried again", 1: "tried again once"}.get(policy.retry, f"tried again {policy.retry} times")
    return f"each try is {within}; {again}" if policy.timeout else f"{within}; {again}"


def _order(policy: ActivityPolicy) -> str:
    newest = policy.execution_priority_order is ExecutionPriorityOrder.NEWEST_FIRST
    return f"of several waiting examples the {'newest' if newest else 'oldest'} goes first"


def _time(duration: timedelta) -> str:
    """A duration in its natural units: 1 day 2 hours."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second")]
    words = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(words) or "less than a second"
