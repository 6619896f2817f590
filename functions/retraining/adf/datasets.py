"""Documents of dataset/: blobs and folders of blobs."""

from functions.retraining.core.definitions import BlobDataset, StorageLinkedService
from functions.retraining.core.secret import Secret

from .findings import Unset
from .linked_services import LinkedService
from .names import file_name_problem, folder_path_problem
from .node import Fields, Node
from .shelf import Shelf
from .vocabulary import AZURE_BLOB, DATASET, DATASET_POLICY, FORMAT

_V2_TYPES = ("Binary", "DelimitedText", "Json", "Parquet", "Avro", "Orc")
_UNKNOWN = Unset("?")


def read_dataset(name: str, properties: Node, linked_services: Shelf[LinkedService]) -> BlobDataset | None:
    """Read what a dataset's `properties` define; None if that is no blob, or nothing that can be read."""
    fields = properties.fields(DATASET)
    if fields is None:
        return None
    fields.find("policy").fields(DATASET_POLICY)
    is_blob = _is_blob(fields.need("type", "AzureBlob"))
    reference = fields.need("linkedServiceName", "the name of a linked service of type AzureStorage")
    storage = linked_services.resolve(reference, StorageLinkedService, "AzureStorage")
    inside = fields.need("typeProperties", "an object with folderPath and fileName")
    blob = inside.fields(AZURE_BLOB) if is_blob else None
    return None if blob is None else _blob(name, blob, storage)


def _is_blob(kind: Node) -> bool:
    text = kind.text()
    if text in _V2_TYPES:
        kind.not_supported_yet("Data Factory v2 spelling of AzureBlob")
    elif text is not None and text != "AzureBlob" and not isinstance(text, Unset):
        kind.fault("is not a type of dataset that is known here; expected AzureBlob")
    return text == "AzureBlob"


def _blob(name: str, fields: Fields, storage: StorageLinkedService | None) -> BlobDataset:
    """A dataset, with stand-ins for what is at fault: so its own fault does not hide those of who uses it."""
    _partitions(fields.find("partitionedBy"))
    _format(fields.find("format"))
    folder_path = fields.need("folderPath", "container or container/folder").text_by(folder_path_problem)
    file_name = fields.find("fileName")
    blob_name = file_name.text_by(file_name_problem)
    if blob_name is None and not file_name.absent:
        blob_name = _UNKNOWN
    return BlobDataset(name, storage or StorageLinkedService("", Secret("")), folder_path or _UNKNOWN, blob_name)


def _partitions(node: Node) -> None:
    if node.items():
        node.not_supported_yet("paths that change with the slice's time")


def _format(node: Node) -> None:
    fields = node.fields(FORMAT)
    kind = None if fields is None else fields.find("type")
    if kind is not None and kind.value != "TextFormat" and not kind.absent:
        kind.notice("not used by an event-driven run: the training web service reads the blob by its extension")
