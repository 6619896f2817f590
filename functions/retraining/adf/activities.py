"""What every activity has: a name, a type, a linked service, inputs, outputs, a policy, and in v2 an order and a state.

Which Data Factory an activity was written for is told by its `linkedServiceName`: v1 writes a name, v2 an object
(`referenceName`). That decides the policy's defaults, and whether `inputs` and `outputs` have to be there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from functions.retraining.core.definitions import ActivityPolicy, AzureMLLinkedService, BlobDataset

from .findings import Unset
from .linked_services import LinkedService
from .names import name_problem
from .node import Fields, Node
from .policies import read_policy
from .shelf import Shelf, is_v2_reference
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
    is_v2: bool
    name: str | None
    type_properties: Node
    linked_service_name: Node
    linked_service: AzureMLLinkedService | None
    inputs: Mapping[str, Named]
    outputs: Mapping[str, Named]
    policy: ActivityPolicy
    shelves: Shelves


def read_activity(node: Node, fields: Fields, shelves: Shelves, concurrency: int) -> Activity:
    """Read what the activity types have in common; faults are recorded, gaps are None.

    `concurrency` is the pipeline's own (v2), for a policy that has none.
    """
    reference = fields.need("linkedServiceName", "the name of a linked service of type AzureML")
    is_v2 = is_v2_reference(reference)
    inputs, outputs = fields.find("inputs"), fields.find("outputs")
    if not is_v2:
        inputs = fields.need("inputs", "an array of the datasets that are read")
        outputs = fields.need("outputs", "an array of the datasets that are written")
    return Activity(
        node=node,
        is_v2=is_v2,
        name=fields.need("name", "the activity's name").text_by(name_problem),
        type_properties=fields.need("typeProperties", "an object with the activity's own properties"),
        linked_service_name=reference,
        linked_service=shelves.linked_services.resolve(reference, AzureMLLinkedService, "AzureML"),
        inputs=_named(inputs, shelves),
        outputs=_named(outputs, shelves),
        policy=read_policy(fields.find("policy"), concurrency, is_v2=is_v2),
        shelves=shelves,
    )


def unused_of(named: Mapping[str, Named], used: set[str]) -> list[Named]:
    """The datasets that no port uses: in Data Factory they only order slices."""
    names = {name.casefold() for name in used}
    return [entry for name, entry in named.items() if name not in names]


def names_of(named: Mapping[str, Named]) -> str:
    """The datasets' names, for people."""
    known = [entry.dataset.name for entry in named.values() if entry.dataset is not None]
    return ", ".join(known) or "none that is known"


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
    return fields.find("referenceName")
