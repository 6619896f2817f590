"""What a PATCH of an endpoint asks for: which model each of its resources shall point to."""

import json
from typing import Any

from azure.core.exceptions import AzureError

from devstack.studio.blob_reference import BlobReference
from devstack.studio.errors import ManagementRefusal
from devstack.studio.workspace import Endpoint, Resource

Changes = list[tuple[Resource, BlobReference]]


def read_endpoint_patch(body: bytes, endpoint: Endpoint) -> Changes:
    """Check and read a PATCH's body, wholly, before anything changes. Raises ManagementRefusal 400."""
    return [_change(entry, endpoint) for entry in _entries(body)]


def _entries(body: bytes) -> list[Any]:
    try:
        entries = json.loads(body)["Resources"]
    except (ValueError, KeyError, TypeError) as error:
        raise _refused("InvalidRequestBody", "The body is not JSON with a list of Resources.") from error
    if not isinstance(entries, list) or not entries:
        raise _refused("InvalidRequestBody", "Resources is not a list with something in it.")
    return entries


def _change(entry: object, endpoint: Endpoint) -> tuple[Resource, BlobReference]:
    if not isinstance(entry, dict) or not isinstance(entry.get("Location"), dict):
        raise _refused("InvalidRequestBody", "A resource has a Name and a Location.")
    name = str(entry.get("Name"))
    resource = endpoint.resource(name)
    if resource is None:
        there = ", ".join(repr(resource.name) for resource in endpoint.resources)
        raise _refused("ResourceNotFound", f"No resource {name!r} at endpoint {endpoint.name!r}: it has {there}.")
    return resource, _readable(entry["Location"])


def _readable(wire: dict[str, Any]) -> BlobReference:
    try:
        location = BlobReference.from_wire({**wire, "ConnectionString": None})
    except TypeError as error:
        raise _refused("InvalidRequestBody", "The parts of a Location are text.") from error
    if not (location.base_location and location.container and location.name):
        raise _refused("InvalidResourceLocation", "A Location needs BaseLocation and RelativeLocation.")
    if not location.name.lower().endswith(".ilearner"):
        raise _refused("InvalidResourceLocation", f"{location.relative_location} is no .ilearner.")
    _check_readable(location)
    return location


def _check_readable(location: BlobReference) -> None:
    try:
        location.etag()
    except (AzureError, ValueError) as error:
        said = getattr(error, "error_code", None) or type(error).__name__
        # The words are those a user reported (azuremlps issue 47); the token itself is never repeated.
        message = f"URL for the trained model is invalid: {location.relative_location} cannot be read ({said})."
        raise _refused("InvalidResourceLocation", message) from error


def _refused(code: str, message: str) -> ManagementRefusal:
    return ManagementRefusal(400, code, message)
