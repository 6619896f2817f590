"""What every activity has: a name, a type, a linked service, inputs, outputs and a policy."""

from collections.abc import Mapping
from typing import NamedTuple

from functions.retraining.core.definitions import ActivityPolicy, AzureMLLinkedService, BlobDataset

from .findings import Unset
from .linked_services import LinkedService
from .names import name_problem
from .node import Fields, Node, quoted
from .policies import read_policy
from .shelf import Shelf
from .vocabulary import ACTIVITY_DATASET


class Shelves(NamedTuple):
    """What an activity can refer to."""

    linked_services: Shelf[LinkedService]
    datasets: Shelf[BlobDataset]


class Named(NamedTuple):
    """One of an activity's inputs or outputs: where it is named, and the dataset if it could be read."""

    node: Node
    dataset: BlobDataset | None


class Activity(NamedTuple):
    """An activity before its type's own properties are read. `inputs` and `outputs` are by lower-case name."""

    node: Node
    name: str | None
    type_properties: Node
    linked_service_name: Node
    linked_service: AzureMLLinkedService | None
    inputs: Mapping[str, Named]
    outputs: Mapping[str, Named]
    policy: ActivityPolicy
    shelves: Shelves


def read_activity(node: Node, fields: Fields, shelves: Shelves) -> Activity:
    """Read what the activity types have in common; faults are recorded, gaps are None."""
    reference = fields.need("linkedServiceName", "the name of a linked service of type AzureML")
    return Activity(
        node=node,
        name=fields.need("name", "the activity's name").text_by(name_problem),
        type_properties=fields.need("typeProperties", "an object with the activity's own properties"),
        linked_service_name=reference,
        linked_service=shelves.linked_services.resolve(reference, AzureMLLinkedService, "AzureML"),
        inputs=_named(fields.need("inputs", "an array of the datasets that are read"), shelves),
        outputs=_named(fields.need("outputs", "an array of the datasets that are written"), shelves),
        policy=read_policy(fields.find("policy")),
        shelves=shelves,
    )


def port_dataset(node: Node, named: Mapping[str, Named], side: str, shelves: Shelves) -> BlobDataset | None:
    """The dataset of a port, which has to be among the activity's `inputs` or `outputs` as well."""
    if isinstance(node.value, dict):
        node.not_supported_yet("Data Factory v2 spelling of a port; write the name of a dataset, as v1 does")
        return None
    dataset = shelves.datasets.resolve(node, BlobDataset, "AzureBlob")
    name = node.text()
    if dataset is None or name is None or name.casefold() in named:
        return dataset
    names = ", ".join(_names(named)) or "none that is known"
    node.fault(f"{quoted(dataset.name)} is not among the activity's {side} ({names}); add it there")
    return None


def dependencies(named: Mapping[str, Named], ports: set[str]) -> list[Node]:
    """Where the datasets are named that no port uses: in Data Factory they only order slices."""
    used = {name.casefold() for name in ports}
    return [entry.node for name, entry in named.items() if name not in used]


def _names(named: Mapping[str, Named]) -> list[str]:
    return [entry.dataset.name for entry in named.values() if entry.dataset is not None]


def _named(node: Node, shelves: Shelves) -> dict[str, Named]:
    named: dict[str, Named] = {}
    for item in node.items():
        fields = item.fields(ACTIVITY_DATASET)
        if fields is None:
            continue
        name_node = _dataset_name(fields)
        name = name_node.text()
        dataset = shelves.datasets.resolve(name_node, BlobDataset, "AzureBlob")
        if name is not None and not isinstance(name, Unset):
            named[name.casefold()] = Named(name_node, dataset)
    return named


def _dataset_name(fields: Fields) -> Node:
    if fields.find("referenceName").absent:
        return fields.need("name", "the name of a dataset")
    return fields.find("name")
