"""The blobs of an activity: a dataset by name, as v1 has it, or a path and a linked service, as v2 has it."""

from collections.abc import Mapping
from typing import NamedTuple

from functions.retraining.core.definitions import BlobDataset, StorageLinkedService

from .activities import Activity, Named, names_of
from .datasets import STORAGE_TYPE_NAMES
from .findings import Unset
from .names import file_path_problem
from .node import Fields, Node, quoted
from .storage import UNKNOWN_ACCESS
from .vocabulary import PORT

_UNKNOWN = Unset("?")


class Blob(NamedTuple):
    """A dataset, and where the name of its blob is written: there it is put right."""

    dataset: BlobDataset
    name_node: Node
    policy_node: Node


def read_input(node: Node, activity: Activity) -> Blob | None:
    """The blob of an input port. A dataset has to be among a v1 activity's `inputs` as well."""
    return _blob(node, activity, activity.inputs, "inputs")


def read_output(node: Node, activity: Activity) -> Blob | None:
    """The blob of an output port. A dataset has to be among a v1 activity's `outputs` as well."""
    return _blob(node, activity, activity.outputs, "outputs")


def read_path(path: Node, linked_service: Node, activity: Activity) -> Blob:
    """A blob by its path and its storage account: a dataset without a document, named after both."""
    storage = activity.shelves.linked_services.resolve(linked_service, StorageLinkedService, STORAGE_TYPE_NAMES)
    text = path.text_by(file_path_problem)
    folder_path: str = _UNKNOWN
    file_name: str = _UNKNOWN
    if text is not None and not isinstance(text, Unset):
        folder_path, _, file_name = text.strip("/").rpartition("/")
    service = storage or StorageLinkedService("", UNKNOWN_ACCESS)
    name = f"{service.name or '?'}/{folder_path}/{file_name}"
    return Blob(BlobDataset(name, service, folder_path, file_name), path, path.nothing())


def _blob(node: Node, activity: Activity, named: Mapping[str, Named], side: str) -> Blob | None:
    if isinstance(node.value, dict) and node.value.get("type") != "Expression":
        fields = node.fields(PORT)
        return None if fields is None else _by_path(fields, activity)
    return dataset_blob(node, activity, named, side)


def dataset_blob(node: Node, activity: Activity, named: Mapping[str, Named], side: str) -> Blob | None:
    """The blob of a dataset that is named here."""
    datasets = activity.shelves.datasets
    dataset, name = datasets.resolve(node, BlobDataset, "AzureBlob"), node.text()
    if dataset is None or name is None:
        return None
    if name.casefold() not in named and not activity.is_v2:
        node.fault(f"{quoted(dataset.name)} is not among the activity's {side} ({names_of(named)}); add it there")
        return None
    properties = datasets.properties(dataset.name)
    return Blob(dataset, datasets.source(dataset.name, "fileName"), properties.member("policy"))


def _by_path(fields: Fields, activity: Activity) -> Blob:
    path = _either(fields, "filePath", "the blob's path, container and all")
    return read_path(path, _either(fields, "linkedServiceName", "a reference to the storage account"), activity)


def _either(fields: Fields, name: str, what: str) -> Node:
    """A property in either letter case: the documentation writes FilePath, the resource schema filePath."""
    capital = fields.find(name[0].upper() + name[1:])
    if capital.absent:
        return fields.need(name, what)
    if not fields.find(name).absent:
        capital.fault(f"stands beside {name}; keep one of the two")
    return capital
