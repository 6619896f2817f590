"""How the management service describes an endpoint (azuremlps @98cb01c, bes_verbatim/swagger.endpointapi.json)."""

from typing import Any

from devstack.studio.blob_reference import BlobReference
from devstack.studio.workspace import Endpoint, Resource, WebService


def endpoint_view(origin: str, workspace_id: str, service: WebService, endpoint: Endpoint) -> dict[str, Any]:
    """The endpoint object; `origin` is the studio's own URL. It counts as a GET for what a PATCH has yet to change."""
    home = f"{origin}/workspaces/{workspace_id}"
    return {
        "Name": endpoint.name,
        "Description": f"{service.name}, {endpoint.name}",
        "CreationTime": "2016-02-13T00:00:00.0000000Z",
        "WorkspaceId": workspace_id,
        "WebServiceId": service.id,
        "HelpLocation": f"{home}/webservices/{service.id}/endpoints/{endpoint.name}",
        "PrimaryKey": endpoint.primary_key,
        "SecondaryKey": endpoint.secondary_key,
        "ApiLocation": f"{home}/services/{endpoint.id}",
        "ExperimentLocation": f"{home}/experiments/{service.id}",
        "Version": "2.0",
        "PreventUpdate": endpoint.is_default,
        "SampleDataEnabled": False,
        "MaxConcurrentCalls": 20,
        "DiagnosticsTraceLevel": "None",
        "ThrottleLevel": "Low",
        "Resources": [_resource_view(resource) for resource in endpoint.resources],
    }


def _resource_view(resource: Resource) -> dict[str, Any]:
    return {"Name": resource.name, "Kind": "TrainedModel", "Location": _location_view(resource.seen())}


def _location_view(location: BlobReference) -> dict[str, str]:
    return {
        "BaseLocation": location.base_location,
        "RelativeLocation": location.relative_location,
        "SasBlobToken": location.sas_blob_token,
    }
