"""AzureMLBatchExecution: the activity that calls the training web service."""

import json
import math
import re

from functions.retraining.core.definitions import BatchExecutionActivity, BlobDataset

from .activities import Activity, dependencies, port_dataset
from .findings import Unset
from .node import Fields, Node, quoted
from .roles import as_examples, as_output, is_among
from .vocabulary import BATCH_EXECUTION

_SLICE_FUNCTION = r"^\$\$|^@|\b(Slice|Window)(Start|End)\b"


def read_batch_execution(activity: Activity) -> BatchExecutionActivity | None:
    """Read the activity's ports, parameters and policy; None after a fault."""
    fields = activity.type_properties.fields(BATCH_EXECUTION)
    if fields is None:
        return None
    single, inputs = _inputs(activity, fields)
    outputs = _outputs(activity, fields)
    parameters = _global_parameters(fields.find("globalParameters"))
    _tell_dependencies(activity, single, inputs, outputs)
    examples = single or next(iter(inputs.values()), None)
    _tell_clashes(examples, outputs, fields.find("webServiceOutputs"))
    if activity.name is None or activity.linked_service is None or examples is None or not outputs:
        return None
    return BatchExecutionActivity(
        activity.name, activity.linked_service, single, inputs, outputs, parameters, activity.policy
    )


def _inputs(activity: Activity, fields: Fields) -> tuple[BlobDataset | None, dict[str, BlobDataset]]:
    """The labeled examples: either the service's single input or one named port."""
    single, several = fields.find("webServiceInput"), fields.find("webServiceInputs")
    ports = several.entries()
    if single.absent and several.absent:
        fields.need("webServiceInput", "the name of the dataset with the labeled examples (or webServiceInputs)")
    elif not single.absent and not several.absent:
        several.fault("stands beside webServiceInput; expected only one of the two")
    elif not several.absent and not ports and isinstance(several.value, dict):
        several.fault("is empty; expected a port and the dataset with the labeled examples")
    if len(ports) > 1:
        several.not_supported_yet("several inputs, which would have to be waited for")
    datasets = {port: _input(node, activity) for port, node in ports.items()}
    return (
        None if single.absent else _input(single, activity),
        {port: dataset for port, dataset in datasets.items() if dataset is not None},
    )


def _input(node: Node, activity: Activity) -> BlobDataset | None:
    dataset = port_dataset(node, activity.inputs, "inputs", activity.shelves)
    return None if dataset is None else as_examples(dataset, activity.shelves.datasets)


def _outputs(activity: Activity, fields: Fields) -> dict[str, BlobDataset]:
    node = fields.need("webServiceOutputs", "an object from output port to dataset, the trained model's among them")
    ports = node.entries()
    if not ports and isinstance(node.value, dict):
        node.fault("is empty; expected an output port and the dataset of the trained model")
    datasets = {port: _output(child, activity) for port, child in ports.items()}
    return {port: dataset for port, dataset in datasets.items() if dataset is not None}


def _output(node: Node, activity: Activity) -> BlobDataset | None:
    dataset = port_dataset(node, activity.outputs, "outputs", activity.shelves)
    return None if dataset is None else as_output(dataset, activity.shelves.datasets)


def _tell_clashes(examples: BlobDataset | None, outputs: dict[str, BlobDataset], node: Node) -> None:
    """A training must not write where it reads (each run would start the next), nor twice to one blob."""
    written: dict[tuple[str, str | None], str] = {}
    for port, dataset in outputs.items():
        if examples is not None and is_among(dataset, examples):
            node.member(port).fault(
                f"writes among the examples of {quoted(examples.name)}, so each run would start another; "
                "expected another place"
            )
        first = written.setdefault((dataset.container, dataset.blob_name), port)
        if first != port and not isinstance(dataset.file_name, Unset):
            node.member(port).fault(f"writes the same blob as port {quoted(first)}; expected another one")


def _global_parameters(node: Node) -> dict[str, str]:
    texts = {name: _parameter(child) for name, child in node.entries().items()}
    return {name: text for name, text in texts.items() if text is not None}


def _parameter(node: Node) -> str | None:
    """A parameter as text, spelled as JSON spells numbers and booleans."""
    value = node.value
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    if isinstance(value, str):
        return _text_parameter(node, value)
    node.expected("text, a number, true or false")
    return None


def _text_parameter(node: Node, value: str) -> str | None:
    if re.search(_SLICE_FUNCTION, value):
        node.not_supported_yet("a function or a slice's time; write plain text")
        return None
    return "" if value == "" else node.text()


def _tell_dependencies(
    activity: Activity, single: BlobDataset | None, inputs: dict[str, BlobDataset], outputs: dict[str, BlobDataset]
) -> None:
    examples = [*inputs.values(), *([single] if single else [])]
    for node in dependencies(activity.inputs, {dataset.name for dataset in examples}) if examples else []:
        node.not_supported_yet("an input that no port reads: a run would have to wait for it")
    for node in dependencies(activity.outputs, {dataset.name for dataset in outputs.values()}) if outputs else []:
        node.notice("not used by an event-driven run: no port writes this output")
