"""Documents of dataset/: blobs and folders of blobs."""

from functions.retraining.core.definitions import BlobDataset, ExternalData, StorageLinkedService, Validation
from functions.retraining.core.slices import Partition, filled, holes_of

from .durations import read_duration
from .findings import Unset
from .linked_services import LinkedService
from .names import file_filter_problem, file_name_problem, folder_path_problem, leads_up
from .node import Fields, Node, quoted
from .partitions import read_partitions
from .places import ANY_TIME
from .shelf import Shelf
from .storage import UNKNOWN_ACCESS
from .vocabulary import AZURE_BLOB, DATASET, DATASET_POLICY, EXTERNAL_DATA, FORMAT, VALIDATION

STORAGE_TYPE_NAMES = "AzureStorage, AzureStorageSas or AzureBlobStorage"

_V2_TYPES = ("Avro", "Binary", "DelimitedText", "Excel", "Json", "Orc", "Parquet", "Xml")
_UNKNOWN = Unset("?")


def read_dataset(name: str, properties: Node, linked_services: Shelf[LinkedService]) -> BlobDataset | None:
    """Read what a dataset's `properties` define; None if that is no blob, or nothing that can be read."""
    fields = properties.fields(DATASET)
    if fields is None:
        return None
    policy = fields.find("policy").fields(DATASET_POLICY)
    external_data = _external_data(policy)
    validation = _validation(policy)
    is_blob = _is_blob(fields.need("type", "AzureBlob"))
    reference = fields.need("linkedServiceName", f"the name of a linked service of type {STORAGE_TYPE_NAMES}")
    storage = linked_services.resolve(reference, StorageLinkedService, STORAGE_TYPE_NAMES)
    inside = fields.need("typeProperties", "an object with folderPath and fileName")
    blob = inside.fields(AZURE_BLOB) if is_blob else None
    return None if blob is None else _blob(name, blob, storage, external_data, validation)


def _is_blob(kind: Node) -> bool:
    text = kind.text()
    if text in _V2_TYPES:
        kind.not_supported(f"a dataset of v2's type {text}; v2's ports have a filePath instead, or write AzureBlob")
    elif text is not None and text != "AzureBlob" and not isinstance(text, Unset):
        kind.fault("is not a type of dataset that is known here; expected AzureBlob")
    return text == "AzureBlob"


def _blob(
    name: str,
    fields: Fields,
    storage: StorageLinkedService | None,
    external_data: ExternalData,
    validation: Validation,
) -> BlobDataset:
    """A dataset, with stand-ins for what is at fault: so its own fault does not hide those of who uses it."""
    _format(fields.find("format"))
    partitions = read_partitions(fields.find("partitionedBy"))
    return BlobDataset(
        name=name,
        linked_service=storage or StorageLinkedService("", UNKNOWN_ACCESS),
        folder_path=_folder_path(fields, partitions),
        file_name=_file_name(fields, partitions),
        partitioned_by=partitions or (),
        file_filter=_file_filter(fields),
        external_data=external_data,
        validation=validation,
    )


def _folder_path(fields: Fields, partitions: tuple[Partition, ...] | None) -> str:
    node = fields.need("folderPath", "container or container/folder")
    text = node.text_by(folder_path_problem)
    return _UNKNOWN if text is None or not _fits(node, text, partitions) else text


def _file_name(fields: Fields, partitions: tuple[Partition, ...] | None) -> str | None:
    node = fields.find("fileName")
    text = node.text_by(file_name_problem)
    if node.absent:
        return None
    return _UNKNOWN if text is None or not _fits(node, text, partitions) else text


def _fits(node: Node, path: str, partitions: tuple[Partition, ...] | None) -> bool:
    """Whether every hole in the path is a partition's. None: there are partitions at fault, so nobody can say."""
    if partitions is None:
        return False
    names = [partition.name for partition in partitions]
    strangers = [hole for hole in holes_of(path) if hole not in names]
    if strangers and not isinstance(path, Unset):
        expected = f"one of: {', '.join(names)}" if names else "it there"
        node.fault(f"has {quoted('{' + strangers[0] + '}')}, which is not in partitionedBy; expected {expected}")
    elif not strangers and leads_up(filled(path, partitions, ANY_TIME)):
        node.fault("becomes a path with . or .. folders by partitionedBy; expected formats that give none")
        return False
    return not strangers


def _file_filter(fields: Fields) -> str | None:
    node = fields.find("fileFilter")
    text = node.text_by(file_filter_problem)
    if text is not None and not fields.find("fileName").absent:
        node.notice("not used by an event-driven run: fileName names the blob already")
        return None
    return text


def _format(node: Node) -> None:
    fields = node.fields(FORMAT)
    kind = None if fields is None else fields.find("type")
    if kind is not None and kind.value != "TextFormat" and not kind.absent:
        kind.notice("not used by an event-driven run: the training web service reads the blob by its extension")


def _validation(policy: Fields | None) -> Validation:
    fields = None if policy is None else policy.find("validation").fields(VALIDATION)
    if fields is None:
        return Validation()
    size, rows = fields.find("minimumSizeMB").number(0), fields.find("minimumRows").whole_number(0, 10**12)
    return Validation(minimum_size_mb=size or 0, minimum_rows=rows or 0)


def _external_data(policy: Fields | None) -> ExternalData:
    """What is absent (or at fault, which is recorded) has Data Factory's default."""
    fields = None if policy is None else policy.find("externalData").fields(EXTERNAL_DATA)
    default = ExternalData()
    if fields is None:
        return default
    delay, interval, timeout = (
        read_duration(fields.find(name)) for name in ("dataDelay", "retryInterval", "retryTimeout")
    )
    maximum = fields.find("maximumRetry").whole_number(0, 10)
    return ExternalData(
        data_delay=default.data_delay if delay is None else delay,
        retry_interval=default.retry_interval if interval is None else interval,
        retry_timeout=default.retry_timeout if timeout is None else timeout,
        maximum_retry=default.maximum_retry if maximum is None else maximum,
    )
