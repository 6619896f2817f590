"""Documents of pipeline/: a batch execution and the update resource activity that uses its `.ilearner`."""

from collections.abc import Callable
from typing import NamedTuple

from functions.retraining.core.definitions import BatchExecutionActivity, Pipeline, UpdateResourceActivity

from .activities import Activity, Shelves, read_activity
from .batch_execution import read_batch_execution
from .findings import Unset
from .names import name_problem
from .node import Node
from .update_resource import read_update_resource
from .vocabulary import ACTIVITY, PIPELINE

type _Definition = BatchExecutionActivity | UpdateResourceActivity

BATCH_EXECUTION_TYPE = "AzureMLBatchExecution"
UPDATE_RESOURCE_TYPE = "AzureMLUpdateResource"
_OTHER_TYPES = frozenset(
    {
        "AzureMLBatchScoring",
        "AzureMLExecutePipeline",
        "Copy",
        "DataLakeAnalyticsU-SQL",
        "DotNetActivity",
        "HDInsightHive",
        "HDInsightMapReduce",
        "HDInsightPig",
        "HDInsightSpark",
        "HDInsightStreaming",
        "SqlServerStoredProcedure",
    }
)
_READERS: dict[str, Callable[[Activity], _Definition | None]] = {
    BATCH_EXECUTION_TYPE: read_batch_execution,
    UPDATE_RESOURCE_TYPE: read_update_resource,
}


class _Read(NamedTuple):
    """One of a pipeline's activities: its type if that is known, and its definition if it could be read."""

    node: Node
    kind: str | None
    definition: _Definition | None


def read_pipeline(name: str, properties: Node, shelves: Shelves) -> Pipeline | None:
    """Read what a pipeline's `properties` define; None after a fault."""
    fields = properties.fields(PIPELINE)
    if fields is None:
        return None
    is_paused = fields.find("isPaused").truth() or False
    activities = fields.need("activities", f"an array of one {BATCH_EXECUTION_TYPE} and one {UPDATE_RESOURCE_TYPE}")
    read = [_read(node, shelves) for node in activities.items()]
    _tell_same_names(read)
    training = _only(activities, read, BATCH_EXECUTION_TYPE)
    update = _only(activities, read, UPDATE_RESOURCE_TYPE)
    if training is None or update is None or not _feeds(training.node, update.node):
        return None
    return _pipeline(name, training.definition, update.definition, is_paused=is_paused)


def _pipeline(
    name: str, training: _Definition | None, update: _Definition | None, *, is_paused: bool
) -> Pipeline | None:
    if isinstance(training, BatchExecutionActivity) and isinstance(update, UpdateResourceActivity):
        return Pipeline(name, training, update, is_paused)
    return None


def _read(node: Node, shelves: Shelves) -> _Read:
    fields = node.fields(ACTIVITY)
    if fields is None:
        return _Read(node, None, None)
    kind = _kind(fields.need("type", f"{BATCH_EXECUTION_TYPE} or {UPDATE_RESOURCE_TYPE}"))
    activity = None if kind is None else read_activity(node, fields, shelves)
    return _Read(node, kind, None if kind is None or activity is None else _READERS[kind](activity))


def _kind(node: Node) -> str | None:
    kind = node.text()
    if kind in _READERS:
        return kind
    if kind in _OTHER_TYPES:
        node.not_supported_yet(f"activities other than {BATCH_EXECUTION_TYPE} and {UPDATE_RESOURCE_TYPE}")
    elif kind is not None and not isinstance(kind, Unset):
        node.fault(
            f"is not a type of activity that is known here; expected {BATCH_EXECUTION_TYPE} or {UPDATE_RESOURCE_TYPE}"
        )
    return None


def _only(activities: Node, read: list[_Read], kind: str) -> _Read | None:
    """The one activity of a type. None is a fault, unless an activity's type is at fault itself."""
    found = [each for each in read if each.kind == kind]
    if not found and isinstance(activities.value, list) and all(each.kind for each in read):
        activities.fault(f"holds no {kind}; expected one")
    for further in found[1:]:
        further.node.not_supported_yet(f"more than one {kind} in a pipeline")
    return found[0] if len(found) == 1 else None


def _feeds(training: Node, update: Node) -> bool:
    """Whether the model that is deployed is one that the training writes."""
    model = update.member("typeProperties").member("trainedModelDatasetName")
    ports = training.member("typeProperties").member("webServiceOutputs").entries().values()
    written = [port.value for port in ports if isinstance(port.value, str) and name_problem(port.value) is None]
    names = [text.casefold() for text in (port.text() for port in ports if isinstance(port.value, str)) if text]
    wanted = model.text() if isinstance(model.value, str) else None
    if wanted is None or not names or wanted.casefold() in names or isinstance(wanted, Unset):
        return wanted is not None
    model.fault(f"is not among the webServiceOutputs of the training; expected one of: {', '.join(written)}")
    return False


def _tell_same_names(read: list[_Read]) -> None:
    seen: set[str] = set()
    for each in read:
        node = each.node.member("name")
        name = node.text() if isinstance(node.value, str) else None
        if name is not None and name.casefold() in seen:
            node.fault("is the name of another activity of this pipeline; expected a name of its own")
        seen.add((name or "").casefold())
