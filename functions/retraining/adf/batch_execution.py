"""AzureMLBatchExecution: the activity that calls the training web service."""

from collections.abc import Mapping
from typing import NamedTuple

from functions.retraining.core.definitions import BatchExecutionActivity, BlobDataset

from .activities import Activity, unused_of
from .blob_ports import Blob, read_input, read_output
from .global_parameters import read_global_parameters
from .node import Fields, Node, quoted
from .places import changes_each_second, is_among, same_blob
from .roles import as_examples, as_output
from .vocabulary import BATCH_EXECUTION


class Training(NamedTuple):
    """A batch execution as far as it could be read. An output that is at fault is None; outputs None: all are."""

    activity: Activity
    outputs: Mapping[str, BlobDataset | None] | None
    definition: BatchExecutionActivity | None


class _Inputs(NamedTuple):
    """The service's single input, or its ports; `datasets` are all of them."""

    single: BlobDataset | None
    ports: Mapping[str, BlobDataset]
    datasets: tuple[BlobDataset, ...]


def read_batch_execution(activity: Activity) -> Training:
    """Read the activity's ports and parameters."""
    fields = activity.type_properties.fields(BATCH_EXECUTION)
    if fields is None:
        return Training(activity, None, None)
    inputs = _inputs(activity, fields)
    outputs = _outputs(activity, fields)
    parameters = read_global_parameters(fields.find("globalParameters"))
    known = {port: dataset for port, dataset in outputs.items() if dataset is not None}
    _tell_dependencies(activity, inputs, known)
    _tell_clashes(inputs.datasets, known, fields.find("webServiceOutputs"))
    _tell_concurrency(activity, known, fields.find("webServiceOutputs"))
    definition = None
    if activity.name is not None and activity.linked_service is not None and inputs.datasets and known:
        definition = BatchExecutionActivity(
            activity.name, activity.linked_service, inputs.single, inputs.ports, known, parameters, activity.policy
        )
    return Training(activity, outputs or None, definition)


def _inputs(activity: Activity, fields: Fields) -> _Inputs:
    """The labeled examples: either the service's single input or its named ports."""
    single, several = fields.find("webServiceInput"), fields.find("webServiceInputs")
    if single.absent and several.absent:
        fields.need("webServiceInput", "the name of the dataset with the labeled examples (or webServiceInputs)")
    elif not single.absent and not several.absent:
        several.fault("stands beside webServiceInput; expected only one of the two")
    elif not several.absent and several.value == {}:
        several.fault("is empty; expected a port and the dataset with the labeled examples")
    blobs = {port: read_input(node, activity) for port, node in several.entries().items()}
    _tell_folders([blob for blob in blobs.values() if blob is not None])
    ports = {port: _examples(blob) for port, blob in blobs.items()}
    known = {port: dataset for port, dataset in ports.items() if dataset is not None}
    only = None if single.absent else _examples(read_input(single, activity))
    return _Inputs(only, known, (*([only] if only else []), *known.values()))


def _examples(blob: Blob | None) -> BlobDataset | None:
    return None if blob is None else as_examples(blob)


def _tell_folders(blobs: list[Blob]) -> None:
    """Of several inputs, one arrives and the others have to be there: so each has to be a blob that can be named."""
    if len({blob.dataset.name for blob in blobs}) < 2:
        return
    for blob in blobs:
        if blob.dataset.file_name is None:
            blob.name_node.fault(
                "is missing; expected a name, as this is one of several inputs and a run looks for each of them"
            )


def _outputs(activity: Activity, fields: Fields) -> dict[str, BlobDataset | None]:
    node = fields.need("webServiceOutputs", "an object from output port to dataset, the trained model's among them")
    if node.value == {}:
        node.fault("is empty; expected an output port and the dataset of the trained model")
    blobs = {port: read_output(child, activity) for port, child in node.entries().items()}
    return {port: None if blob is None else as_output(blob) for port, blob in blobs.items()}


def _tell_clashes(inputs: tuple[BlobDataset, ...], outputs: Mapping[str, BlobDataset], node: Node) -> None:
    """A training must not write where it reads (each run would start the next), nor twice to one blob."""
    seen: dict[str, BlobDataset] = {}
    for port, dataset in outputs.items():
        for examples in inputs:
            if is_among(dataset, examples):
                node.member(port).fault(
                    f"writes among the examples of {quoted(examples.name)}, so each run would start another; "
                    "expected another place"
                )
        first = next((other for other, before in seen.items() if same_blob(before, dataset)), None)
        if first is not None:
            node.member(port).fault(f"writes the same blob as port {quoted(first)}; expected another one")
        seen[port] = dataset


def _tell_concurrency(activity: Activity, outputs: Mapping[str, BlobDataset], node: Node) -> None:
    """Several trainings at a time need places of their own, or one would deploy what another has written."""
    for port, dataset in outputs.items() if activity.policy.concurrency > 1 else ():
        if not changes_each_second(dataset):
            node.member(port).fault(
                f"is one blob for all of the {activity.policy.concurrency} runs at a time that concurrency allows; "
                "expected a path with partitionedBy down to the second, or concurrency 1"
            )


def _tell_dependencies(activity: Activity, inputs: _Inputs, outputs: Mapping[str, BlobDataset]) -> None:
    """Datasets that no port uses. Where the ports themselves are at fault, nobody can say."""
    read = {dataset.name for dataset in inputs.datasets}
    for entry in unused_of(activity.inputs, read) if read else []:
        entry.node.not_supported("an input that no port reads: a run would have to wait for it; take it out")
    written = {dataset.name for dataset in outputs.values()}
    for entry in unused_of(activity.outputs, written) if written else []:
        entry.node.notice("not used by an event-driven run: no port writes this output")
