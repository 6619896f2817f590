"""A pipeline in plain words. No secret, and of addresses only the host."""

from datetime import timedelta

from functions.retraining.core.definitions import (
    ActivityPolicy,
    AzureMLLinkedService,
    BatchExecutionActivity,
    BlobDataset,
    ConnectionStringAccess,
    ExecutionPriorityOrder,
    ExternalData,
    IdentityAccess,
    Pipeline,
    SasUriAccess,
    StorageLinkedService,
    UpdateResourceActivity,
)
from functions.retraining.core.slices import TextFormat

from .endpoints import host_of, is_resource_manager
from .findings import Unset


def describe(pipeline: Pipeline) -> list[str]:
    """Lines that say what starts the pipeline, what it calls and by which policies."""
    paused = " (paused: examples wait)" if pipeline.is_paused else ""
    training = pipeline.batch_execution
    return [
        f"pipeline {pipeline.name!r}{paused}",
        *_start(training.inputs),
        *_training(training, pipeline),
        *(line for update in pipeline.update_resources for line in _update(update)),
        *_storage(training, pipeline.update_resources),
    ]


def _start(inputs: tuple[BlobDataset, ...]) -> list[str]:
    if len(inputs) == 1:
        return [f"  starts when a blob arrives: {_examples(inputs[0])}", *_needs(inputs[0])]
    first = "  starts when one of its blobs arrives, as soon as the others are there:"
    return [first, *(line for dataset in inputs for line in _one_of(dataset))]


def _one_of(dataset: BlobDataset) -> list[str]:
    return [f"    {_examples(dataset)}, {_looking(dataset.external_data)}", *_needs(dataset)]


def _needs(dataset: BlobDataset) -> list[str]:
    asked = dataset.validation
    size = [f"{asked.minimum_size_mb:g} MB"] if asked.minimum_size_mb else []
    rows = [_counted(asked.minimum_rows, "row")] if asked.minimum_rows else []
    return [f"    it must have at least {' and '.join([*size, *rows])}"] if size or rows else []


def _looking(external: ExternalData) -> str:
    after = f" from {_time(external.data_delay)} after the arrival on" if external.data_delay else ""
    every = f"every {_time(external.retry_interval)}" if external.retry_interval else "at every tick"
    looks = "once" if external.maximum_retry == 0 else f"up to {1 + external.maximum_retry} times"
    return f"looked for {looks}{after}, {every} for {_time(external.retry_timeout)}"


def _training(activity: BatchExecutionActivity, pipeline: Pipeline) -> list[str]:
    return [
        f"  {activity.name!r} trains with it as {_ports(activity)} at {_service(activity.linked_service)}",
        *[f"    output {port!r}: {_blob(output)}" for port, output in activity.web_service_outputs.items()],
        *[line for name, value in activity.global_parameters.items() for line in _parameter(name, value)],
        f"    {_policy(activity.policy)}",
        f"    {_order(activity.policy, pipeline)}",
    ]


def _ports(activity: BatchExecutionActivity) -> str:
    if activity.web_service_input:
        return "its input"
    ports = [repr(port) for port in activity.web_service_inputs]
    return f"input {ports[0]}" if len(ports) == 1 else f"inputs {' and '.join(ports)}"


def _parameter(name: str, value: str | TextFormat) -> list[str]:
    """What a setting holds is not shown: a parameter can be a key."""
    if isinstance(value, str):
        return [f"    global parameter {name!r}"]
    return [f"    global parameter {name!r}: made of the example's upload time"]


def _update(activity: UpdateResourceActivity) -> list[str]:
    endpoint = activity.linked_service.update_resource_endpoint or ""
    caller = _caller(activity.linked_service) if is_resource_manager(endpoint) else ""
    return [
        f"  {activity.name!r} puts {_blob(activity.trained_model_dataset)}",
        f"    as {activity.trained_model_name!r} behind {_service(activity.linked_service)}",
        f"    through {host_of(endpoint)}{caller}",
        f"    {_policy(activity.policy)}",
    ]


def _caller(service: AzureMLLinkedService) -> str:
    return " as its service principal" if service.service_principal else " as the app's own identity"


def _storage(activity: BatchExecutionActivity, updates: tuple[UpdateResourceActivity, ...]) -> list[str]:
    models = [update.trained_model_dataset for update in updates]
    datasets = [*activity.inputs, *activity.web_service_outputs.values(), *models]
    services = {dataset.linked_service.name: dataset.linked_service for dataset in datasets}
    return [f"  storage {service.name!r} is opened {_access(service)}" for service in services.values()]


def _access(service: StorageLinkedService) -> str:
    match service.access:
        case ConnectionStringAccess():
            return "by its connection string"
        case SasUriAccess():
            return "by a shared access signature"
        case IdentityAccess(url) if isinstance(url, Unset):
            return f"in a way that is not known yet ({url})"
        case IdentityAccess():
            return "as the app's own identity"


def _examples(dataset: BlobDataset) -> str:
    if dataset.file_name is not None:
        return _blob(dataset)
    which = f"every blob like {dataset.file_filter}" if dataset.file_filter else "every blob"
    return f"{which} below {dataset.container}/{dataset.folder} (dataset {dataset.name!r}){_times(dataset)}"


def _blob(dataset: BlobDataset) -> str:
    name = f"{dataset.container}/{dataset.folder}{dataset.file_name or ''}"
    return f"{name} (dataset {dataset.name!r}){_times(dataset)}"


def _times(dataset: BlobDataset) -> str:
    holes = [f"{{{partition.name}}} in the form {partition.format}" for partition in dataset.partitioned_by]
    return f", the upload time as {', '.join(holes)}" if holes else ""


def _service(service: AzureMLLinkedService) -> str:
    return f"{host_of(service.ml_endpoint)} (linked service {service.name!r})"


def _policy(policy: ActivityPolicy) -> str:
    within = f"each try is given up after {_time(policy.timeout)}" if policy.timeout else "no time limit"
    waited = f"begins {_time(policy.delay)} after the arrival; " if policy.delay else ""
    return f"{waited}{within}; {_again(policy)}"


def _again(policy: ActivityPolicy) -> str:
    again = {0: "never tried again", 1: "tried again once"}.get(policy.retry, f"tried again {policy.retry} times")
    after = f", {_time(policy.retry_interval)} later" if policy.retry and policy.retry_interval else ""
    if policy.long_retry == 1:
        return f"{again}{after}"
    between = f", {_time(policy.long_retry_interval)} apart" if policy.long_retry_interval else ""
    return f"{again}{after}; all that in up to {policy.long_retry} rounds{between}"


def _order(policy: ActivityPolicy, pipeline: Pipeline) -> str:
    newest = policy.execution_priority_order is ExecutionPriorityOrder.NEWEST_FIRST
    order = f"of several waiting examples the {'newest' if newest else 'oldest'} goes first"
    at_a_time = f"; up to {policy.concurrency} at a time" if policy.concurrency > 1 else ""
    superseded = ", and older ones are then superseded" if pipeline.supersede_older_examples else ""
    return f"{order}{superseded}{at_a_time}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _time(duration: timedelta) -> str:
    """A duration in its natural units: 1 day 2 hours."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second")]
    return " ".join(_counted(number, unit) for number, unit in parts if number) or "less than a second"
