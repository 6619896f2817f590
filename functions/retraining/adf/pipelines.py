"""Documents of pipeline/: batch executions, each with the update resource activities that use its `.ilearner`.

A document with one batch execution is one pipeline of that name; with several, each is a pipeline of its own, named
`<document> - <activity>`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from functions.retraining.core.definitions import ExecutionPriorityOrder, Pipeline

from .activities import Shelves, read_activity
from .activity_order import check_order, is_active
from .batch_execution import Training, read_batch_execution
from .findings import Unset
from .names import name_problem
from .node import Fields, Node
from .trained_models import Trained, with_their_updates
from .update_resource import Update, read_update_resource
from .vocabulary import ACTIVITY, PIPELINE

BATCH_EXECUTION_TYPE = "AzureMLBatchExecution"
UPDATE_RESOURCE_TYPE = "AzureMLUpdateResource"
_TYPES = (BATCH_EXECUTION_TYPE, UPDATE_RESOURCE_TYPE)
_KNOWN_TO_DATA_FACTORY = frozenset(
    {
        "AzureFunctionActivity",
        "AzureMLBatchScoring",
        "AzureMLExecutePipeline",
        "Copy",
        "Custom",
        "DataLakeAnalyticsU-SQL",
        "DatabricksNotebook",
        "Delete",
        "DotNetActivity",
        "ExecutePipeline",
        "Fail",
        "Filter",
        "ForEach",
        "GetMetadata",
        "HDInsightHive",
        "HDInsightMapReduce",
        "HDInsightPig",
        "HDInsightSpark",
        "HDInsightStreaming",
        "IfCondition",
        "Lookup",
        "SetVariable",
        "SqlServerStoredProcedure",
        "Switch",
        "Until",
        "Validation",
        "Wait",
        "WebActivity",
        "WebHook",
    }
)


class PlacedPipeline(NamedTuple):
    """A pipeline, and where its training and its updates are written."""

    pipeline: Pipeline
    training: Node
    updates: tuple[Node, ...]


class _Options(NamedTuple):
    """What holds for every training of a document."""

    is_paused: bool
    concurrency: int
    supersede: Node


class _Activities(NamedTuple):
    """A document's activities; `is_whole` unless the type of one is not known."""

    trainings: list[Training]
    updates: list[Update]
    names: list[str]
    is_whole: bool


def read_pipeline(name: str, properties: Node, shelves: Shelves) -> tuple[PlacedPipeline, ...]:
    """Read what a document's `properties` define; what is at fault is left out."""
    fields = properties.fields(PIPELINE)
    if fields is None:
        return ()
    options = _options(fields)
    node = fields.need("activities", f"an array of one {BATCH_EXECUTION_TYPE} and one {UPDATE_RESOURCE_TYPE}")
    activities = _read_activities(node, options, shelves)
    _tell_missing(node, activities)
    check_order(activities.trainings, activities.updates, activities.names)
    _check_superseding(options.supersede, activities.trainings)
    return _pipelines(name, options, activities)


def _options(fields: Fields) -> _Options:
    return _Options(
        is_paused=fields.find("isPaused").truth() or False,
        concurrency=fields.find("concurrency").whole_number(1, 10) or 1,
        supersede=fields.find("supersedeOlderExamples"),
    )


def _read_activities(node: Node, options: _Options, shelves: Shelves) -> _Activities:
    read = _Activities([], [], [], is_whole=isinstance(node.value, list))
    for item in node.items():
        fields = item.fields(ACTIVITY)
        kind = None if fields is None else _kind(fields.need("type", " or ".join(_TYPES)))
        _tell_same_name(item.member("name"), read.names)
        if fields is None or kind is None:
            read = read._replace(is_whole=False)
        elif kind == BATCH_EXECUTION_TYPE:
            is_active(fields, "training", may_be_left_out=False)
            activity = read_activity(item, fields, shelves, options.concurrency)
            read.trainings.append(read_batch_execution(activity))
        elif is_active(fields, "update", may_be_left_out=True):
            read.updates.append(read_update_resource(read_activity(item, fields, shelves, 1)))
    return read


def _kind(node: Node) -> str | None:
    kind = node.text()
    if kind in _TYPES:
        return kind
    if kind in _KNOWN_TO_DATA_FACTORY:
        node.not_supported(f"activities other than {' and '.join(_TYPES)}")
    elif kind is not None and not isinstance(kind, Unset):
        node.fault(f"is not a type of activity that is known here; expected {' or '.join(_TYPES)}")
    return None


def _tell_same_name(node: Node, names: list[str]) -> None:
    name = node.text() if isinstance(node.value, str) else None
    if name is not None and name.casefold() in names:
        node.fault("is the name of another activity of this pipeline; expected a name of its own")
    names.append((name or "").casefold())


def _tell_missing(node: Node, activities: _Activities) -> None:
    """A kind of which there is none, unless an activity's type is at fault itself."""
    for kind, found in zip(_TYPES, (activities.trainings, activities.updates), strict=True):
        if not found and activities.is_whole:
            node.fault(f"holds no {kind}; expected one")


def _check_superseding(node: Node, trainings: Sequence[Training]) -> None:
    if not node.truth():
        return
    for training in trainings:
        policy = training.activity.policy
        if policy.execution_priority_order is not ExecutionPriorityOrder.NEWEST_FIRST or policy.concurrency > 1:
            node.fault(
                "goes with executionPriorityOrder NewestFirst and concurrency 1 only: a training that goes through "
                "its examples from the oldest on, or several at a time, has none to supersede"
            )


def _pipelines(name: str, options: _Options, activities: _Activities) -> tuple[PlacedPipeline, ...]:
    placed = []
    for trained in with_their_updates(activities.trainings, activities.updates):
        own_name = name if len(activities.trainings) == 1 else _name_of_one(name, trained.training)
        pipeline = _pipeline(own_name, options, trained)
        if pipeline is not None:
            nodes = tuple(update.activity.node for update, _ in trained.updates)
            placed.append(PlacedPipeline(pipeline, trained.training.activity.node, nodes))
    return tuple(placed)


def _name_of_one(name: str, training: Training) -> str:
    """The name of one of several trainings' pipelines, which goes into paths like every pipeline's."""
    activity = training.activity
    own_name = f"{name} - {activity.name}"
    if activity.name is not None and not isinstance(activity.name, Unset) and name_problem(own_name):
        problem = "makes the pipeline's name longer than 260 characters, as this is one of several trainings"
        activity.node.member("name").fault(f"{problem}; expected shorter names")
    return own_name


def _pipeline(name: str, options: _Options, trained: Trained) -> Pipeline | None:
    updates = [
        replace(update.definition, trained_model_dataset=model)
        for update, model in trained.updates
        if update.definition is not None
    ]
    if trained.training.definition is None or not updates:
        return None
    superseding = options.supersede.value is True
    return Pipeline(name, trained.training.definition, tuple(updates), options.is_paused, superseding)
