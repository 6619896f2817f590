"""AzureMLUpdateResource: the activity that puts the trained model behind the scoring web service."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from functions.retraining.core.definitions import BlobDataset, ExecutionPriorityOrder, UpdateResourceActivity

from .activities import Activity, Named, unused_of
from .blob_ports import dataset_blob, read_path
from .node import Fields, Node, quoted
from .roles import as_trained_model
from .vocabulary import UPDATE_RESOURCE

_PATH, _LINKED_SERVICE = "trainedModelFilePath", "trainedModelLinkedServiceName"
_DATASET, _EARLY = "trainedModelDatasetName", "ILearnerDatasetName"


class Update(NamedTuple):
    """An update as far as it could be read. `model_node` is where the trained model is named."""

    activity: Activity
    model_node: Node
    other_inputs: tuple[Named, ...]
    definition: UpdateResourceActivity | None


def read_update_resource(activity: Activity) -> Update:
    """Read which model goes where."""
    _need_update_endpoint(activity)
    fields = activity.type_properties.fields(UPDATE_RESOURCE)
    if fields is None:
        return Update(activity, activity.type_properties, (), None)
    name = fields.need("trainedModelName", "the trained model's name on the UPDATE RESOURCE page").text()
    node = _model_node(activity, fields)
    dataset = _trained_model(activity, fields, node)
    for entry in activity.outputs.values():
        entry.node.notice("not used by an event-driven run: updating a web service writes no dataset")
    _tell_unused_policy(activity)
    definition = None
    if activity.name is not None and activity.linked_service is not None and name is not None and dataset is not None:
        policy = replace(activity.policy, delay=timedelta(0))
        definition = UpdateResourceActivity(activity.name, activity.linked_service, name, dataset, policy)
    others = unused_of(activity.inputs, {dataset.name}) if dataset is not None else []
    return Update(activity, node, tuple(others), definition)


def _model_node(activity: Activity, fields: Fields) -> Node:
    """Where the trained model is named, in one of three spellings; more than one is a fault."""
    written = [name for name in (_DATASET, _PATH, _EARLY) if not fields.find(name).absent]
    for other in written[1:]:
        fields.find(other).fault(f"stands beside {written[0]}; expected only one of the two")
    if written[:1] == [_EARLY]:
        fields.find(_EARLY).notice(f"is the early name of {_DATASET}, and read as that")
    if written:
        return fields.find(written[0])
    if activity.is_v2 or not fields.find(_LINKED_SERVICE).absent:
        return fields.need(_PATH, "the trained model's path, container and all")
    return fields.need(_DATASET, "the name of the trained model's dataset")


def _trained_model(activity: Activity, fields: Fields, node: Node) -> BlobDataset | None:
    linked_service = fields.find(_LINKED_SERVICE)
    if node.path == fields.find(_PATH).path:
        linked_service = fields.need(_LINKED_SERVICE, "a reference to the storage account of the trained model")
        return None if node.absent else as_trained_model(read_path(node, linked_service, activity))
    if not linked_service.absent:
        linked_service.fault(f"goes with {_PATH}; a dataset has a linked service of its own")
    blob = None if node.absent else dataset_blob(node, activity, activity.inputs, "inputs")
    return None if blob is None else as_trained_model(blob)


def _tell_unused_policy(activity: Activity) -> None:
    policy = activity.node.member("policy")
    if activity.policy.delay:
        policy.member("delay").notice("not used by an event-driven run: an update follows its training at once")
    if activity.policy.concurrency > 1:
        policy.member("concurrency").notice("not used by an event-driven run: models go live one at a time")
    if activity.policy.execution_priority_order is not ExecutionPriorityOrder.OLDEST_FIRST:
        order = policy.member("executionPriorityOrder")
        order.notice("not used by an event-driven run: the training's order is the order of the models")


def _need_update_endpoint(activity: Activity) -> None:
    service = activity.linked_service
    if service is None or service.update_resource_endpoint is not None:
        return
    where = activity.shelves.linked_services.source(service.name, "updateResourceEndpoint").file
    activity.linked_service_name.fault(
        f"{quoted(service.name)} has no updateResourceEndpoint; expected one in {where}, or the name of the "
        "scoring web service's linked service"
    )
