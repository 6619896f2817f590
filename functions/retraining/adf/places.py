"""Which blobs a dataset means, compared with another: the same blob, or one among the other's. Pure."""

from datetime import UTC, datetime, timedelta

from functions.retraining.core.definitions import BlobDataset

from .accounts import account_of
from .findings import Unset

ANY_TIME = datetime(2031, 11, 23, 17, 49, 58, tzinfo=UTC)
"""Any time will do, if its numbers differ from each other."""


def is_known(dataset: BlobDataset) -> bool:
    """Whether the dataset says where its blobs are; not if its path or account is at fault or waits for a setting."""
    unset = isinstance(dataset.folder_path, Unset) or isinstance(dataset.file_name, Unset)
    return not unset and bool(account_of(dataset.linked_service.access))


def same_account(one: BlobDataset, other: BlobDataset) -> bool:
    """Whether both are in one storage account, however it is opened."""
    return account_of(one.linked_service.access) == account_of(other.linked_service.access)


def same_blob(one: BlobDataset, other: BlobDataset) -> bool:
    """Whether runs on one example would find both to be the same blob."""
    return _is_judged(one, other) and one.container == other.container and _sample(one) == _sample(other)


def is_among(written: BlobDataset, read: BlobDataset) -> bool:
    """Whether a blob written as the first would be seen as one of the second's."""
    name = _sample(written) if _is_judged(written, read) else None
    return name is not None and read.holds(written.container, name)


def changes_each_second(dataset: BlobDataset) -> bool:
    """Whether two runs on examples of different seconds have different blobs."""
    return not is_known(dataset) or _sample(dataset) != dataset.blob_name_at(ANY_TIME + timedelta(seconds=1))


def _is_judged(one: BlobDataset, other: BlobDataset) -> bool:
    return is_known(one) and is_known(other) and same_account(one, other)


def _sample(dataset: BlobDataset) -> str | None:
    return dataset.blob_name_at(ANY_TIME)
