"""AzureMLUpdateResource: the activity that puts the trained model behind the scoring web service."""

from functions.retraining.core.definitions import BlobDataset, UpdateResourceActivity

from .activities import Activity, dependencies, port_dataset
from .node import Fields, quoted
from .roles import as_trained_model
from .vocabulary import UPDATE_RESOURCE

_V2 = ("trainedModelLinkedServiceName", "trainedModelFilePath", "ILearnerDatasetName")


def read_update_resource(activity: Activity) -> UpdateResourceActivity | None:
    """Read which model goes where; None after a fault."""
    _need_update_endpoint(activity)
    fields = activity.type_properties.fields(UPDATE_RESOURCE)
    if fields is None:
        return None
    name = fields.need("trainedModelName", "the trained model's name on the UPDATE RESOURCE page").text()
    dataset = _trained_model(activity, fields)
    for entry in activity.outputs.values():
        entry.node.notice("not used by an event-driven run: updating a web service writes no dataset")
    if activity.name is None or activity.linked_service is None or name is None or dataset is None:
        return None
    return UpdateResourceActivity(activity.name, activity.linked_service, name, dataset, activity.policy)


def _trained_model(activity: Activity, fields: Fields) -> BlobDataset | None:
    name = "trainedModelDatasetName"
    spelled_otherwise = not all(fields.find(other).absent for other in _V2)
    node = fields.find(name) if spelled_otherwise else fields.need(name, "the name of the trained model's dataset")
    if node.absent:
        return None
    dataset = port_dataset(node, activity.inputs, "inputs", activity.shelves)
    for other in dependencies(activity.inputs, {dataset.name}) if dataset else []:
        other.not_supported_yet("an input other than the trained model: the update would have to wait for it")
    return None if dataset is None else as_trained_model(dataset, activity.shelves.datasets)


def _need_update_endpoint(activity: Activity) -> None:
    service = activity.linked_service
    if service is None or service.update_resource_endpoint is not None:
        return
    where = activity.shelves.linked_services.source(service.name, "updateResourceEndpoint").file
    activity.linked_service_name.fault(
        f"{quoted(service.name)} has no updateResourceEndpoint; expected one in {where}, or the name of the "
        "scoring web service's linked service"
    )
