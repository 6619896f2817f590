"""A dataset's `partitionedBy`: which times the holes in its path stand for."""

from collections import Counter

from functions.retraining.core.date_formats import is_date_format
from functions.retraining.core.slices import Partition

from .findings import Unset
from .node import Node
from .slice_functions import read_slice_time
from .vocabulary import PARTITION, PARTITION_VALUE

_FORMAT = "a .NET date format, such as yyyy, MM, dd, HH or yyyyMMdd"


def read_partitions(node: Node) -> tuple[Partition, ...] | None:
    """Read the partitions; None if any of them, or all, are at fault."""
    read = [_partition(item) for item in node.items()]
    found = tuple(partition for partition in read if partition is not None)
    _tell_same_names(node, found)
    is_whole = len(found) == len(read) and (node.absent or isinstance(node.value, list))
    return found if is_whole else None


def _partition(item: Node) -> Partition | None:
    fields = item.fields(PARTITION)
    if fields is None:
        return None
    name = fields.need("name", "the name that stands in braces in the path").text_by(_name_problem)
    value = fields.need("value", "an object with type, date and format").fields(PARTITION_VALUE)
    if value is None:
        return None
    _check_type(value.need("type", "DateTime"))
    time = read_slice_time(value.need("date", "SliceStart or SliceEnd"))
    form = value.need("format", _FORMAT).text_by(_format_problem)
    if name is None or time is None or form is None or isinstance(form, Unset):
        return None
    return Partition(name, form, time)


def _check_type(node: Node) -> None:
    text = node.text()
    if text not in (None, "DateTime") and not isinstance(text, Unset):
        node.fault("is not a type of partition that is known here; expected DateTime")


def _format_problem(text: str) -> str | None:
    if not is_date_format(text):
        return f"has parts that are not known here; expected {_FORMAT}"
    if "\\" in text or not text.isprintable():
        return f"holds characters that no path has; expected {_FORMAT}"
    return None


def _name_problem(text: str) -> str | None:
    return "holds a brace; expected the name alone" if {"{", "}"} & set(text) else None


def _tell_same_names(node: Node, partitions: tuple[Partition, ...]) -> None:
    written = Counter(partition.name for partition in partitions)
    for name in sorted(name for name, times in written.items() if times > 1):
        node.fault(f"has {name!r} twice; expected each name once")
