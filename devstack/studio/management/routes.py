"""The management service over HTTP. Its URLs name the web service and the endpoint's name, and take no api-version."""

from flask import Blueprint, Response, request

from devstack.studio.answers import json_answer, nothing
from devstack.studio.cloud import cloud
from devstack.studio.errors import ManagementRefusal
from devstack.studio.execution_access import bearer_key
from devstack.studio.management.endpoint_patch import read_endpoint_patch
from devstack.studio.management.endpoint_view import endpoint_view
from devstack.studio.provenance import assumed, documented
from devstack.studio.workspace import Endpoint, WebService

management = Blueprint(
    "management", __name__, url_prefix="/workspaces/<workspace_id>/webservices/<service_id>/endpoints"
)


@management.get("")
@documented("azuremlps swagger.endpointapi.json: all endpoints of a web service")
def list_endpoints(workspace_id: str, service_id: str) -> Response:
    """Every endpoint the key opens: all with the workspace's token, its own with an endpoint's key."""
    service = _service(workspace_id, service_id)
    mine = [endpoint for endpoint in service.endpoints if _opens(endpoint)]
    if not mine:
        raise _unauthorized()
    origin = request.host_url.rstrip("/")
    return json_answer([endpoint_view(origin, workspace_id, service, endpoint) for endpoint in mine])


@management.get("/<name>")
@documented("azuremlps swagger.endpointapi.json: one endpoint, with its Resources")
def get_endpoint(workspace_id: str, service_id: str, name: str) -> Response:
    """One endpoint, and what each of its resources points to."""
    service, endpoint = _endpoint(workspace_id, service_id, name)
    return json_answer(endpoint_view(request.host_url.rstrip("/"), workspace_id, service, endpoint))


@management.patch("/<name>")
@assumed("The body is documented (azure-docs retrain-classic-web-service.md, azuremlps); answers and errors are ours")
def patch_endpoint(workspace_id: str, service_id: str, name: str) -> Response:
    """Point an endpoint's resources to other models: all of them, or none if anything is wrong."""
    _, endpoint = _endpoint(workspace_id, service_id, name)
    if endpoint.is_default or not endpoint.resources:
        # azure-docs, machine-learning-troubleshooting-retraining-models.md: only endpoints that were added can be.
        message = f"Endpoint {name!r} cannot be updated: it is the default one, or has no updatable resources."
        raise ManagementRefusal(403, "EndpointNotUpdatable", message)
    settings = cloud().settings
    for resource, location in read_endpoint_patch(request.get_data(), endpoint):
        resource.patch(location, after_gets=settings.patch_takes_effect_after_gets)
    return nothing() if settings.patch_status == 204 else json_answer({})


def _service(workspace_id: str, service_id: str) -> WebService:
    workspace = cloud().workspace
    if workspace.id != workspace_id:
        raise ManagementRefusal(404, "WorkspaceNotFound", "There is no such workspace.")
    service = workspace.service(service_id)
    if service is None:
        raise ManagementRefusal(404, "WebServiceNotFound", "There is no such web service in this workspace.")
    return service


def _endpoint(workspace_id: str, service_id: str, name: str) -> tuple[WebService, Endpoint]:
    service = _service(workspace_id, service_id)
    endpoint = service.endpoint(name)
    if endpoint is None:
        if bearer_key() != cloud().workspace.token and not any(map(_opens, service.endpoints)):
            raise _unauthorized()
        there = ", ".join(endpoint.name for endpoint in service.endpoints)
        raise ManagementRefusal(404, "EndpointNotFound", f"No endpoint {name!r}: there are {there}.")
    if not _opens(endpoint):
        raise _unauthorized()
    return service, endpoint


def _opens(endpoint: Endpoint) -> bool:
    # azuremlps README: the workspace's token, or the endpoint's own key for what concerns that endpoint.
    key = bearer_key()
    return key == cloud().workspace.token or endpoint.accepts(key)


def _unauthorized() -> ManagementRefusal:
    return ManagementRefusal(401, "ManagementRequestUnauthorized", "Unauthorized")
