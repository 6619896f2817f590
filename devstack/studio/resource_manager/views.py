"""How the Resource Manager shows a web service and an operation."""

from datetime import datetime
from typing import Any

from devstack.studio.resource_manager.assets import shown
from devstack.studio.resource_manager.operation import FAILED, Operation
from devstack.studio.resource_manager.resource_group import ResourceGroup
from devstack.studio.resource_manager.settings import ResourceManagerSettings
from devstack.studio.resource_manager.web_service import Definition

_PAYLOAD = ("assets", "input", "output", "package", "parameters", "exampleRequest")


def full_view(group: ResourceGroup, settings: ResourceManagerSettings, origin: str) -> dict[str, Any]:
    """The web service with its definition; `origin` is the studio's own URL.

    It counts as a GET for what an update has yet to change.
    """
    definition = group.web_service.definition.seen()
    overlay = {
        "provisioningState": group.web_service.provisioning_state,
        "readOnly": settings.read_only or definition["readOnly"],
        "swaggerLocation": origin + definition["swaggerLocation"],
    }
    payload = _by_location(group) if settings.payloads == "by_location" else {}
    assets = {} if payload else {"assets": _assets(definition, settings)}
    rest = {name: value for name, value in definition.items() if not (payload and name in _PAYLOAD)}
    return _resource(group, {**rest, **overlay, **payload, **assets})


def sparse_view(group: ResourceGroup) -> dict[str, Any]:
    """The answer to a PATCH: as recorded, its state and no more."""
    return _resource(group, {"provisioningState": "Provisioning"})


def operation_view(path: str, operation: Operation, settings: ResourceManagerSettings) -> dict[str, Any]:
    """How an operation stands; `path` is its own."""
    # Read once: it goes on while it is described.
    state = operation.state
    view = {
        "id": path,
        "name": operation.id,
        settings.operation_state_as: state,
        "startTime": _time(operation.started_at),
        "percentComplete": operation.percent_complete,
    }
    if operation.ended_at:
        view["endTime"] = _time(operation.ended_at)
    if state == FAILED and operation.error:
        view[settings.operation_error_as] = {"code": operation.error.code, "message": operation.error.message}
    return view


def _resource(group: ResourceGroup, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": group.web_service_id,
        "name": group.web_service.name,
        "type": "Microsoft.MachineLearning/webServices",
        "location": group.web_service.location,
        "tags": {},
        "properties": properties,
    }


def _assets(definition: Definition, settings: ResourceManagerSettings) -> dict[str, Any]:
    without_query = settings.asset_uri_as == "without_query"
    return {key: shown(asset, without_query=without_query) for key, asset in definition["assets"].items()}


def _by_location(group: ResourceGroup) -> dict[str, Any]:
    account, name = "https://relearnerstudio.blob.core.windows.net", group.web_service.name
    return {
        "payloadsInBlobStorage": True,
        "payloadsLocation": {"uri": f"{account}/payloads/{name}.json", "credentials": ""},
    }


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
