"""Web services of the Resource Manager kind on the wire. Pure; docs/wire/update-resource-arm.md."""

from typing import Any

import msgspec

from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.errors import PermanentError
from functions.retraining.core.observed import ScoringSeen, UpdateSeen, UpdateState
from functions.retraining.core.redact import excerpt

from .answers import Answer, decoded, unreadable

RESOURCE = "Resource"
_STATES = {
    "succeeded": UpdateState.SUCCEEDED,
    "failed": UpdateState.FAILED,
    "canceled": UpdateState.FAILED,
    "cancelled": UpdateState.FAILED,
}
"""Every other status means that it goes on: `Provisioning` has been seen."""


class WebService(msgspec.Struct, frozen=True):
    """What of a web service's definition matters here; the assets are kept as they came."""

    location: str
    assets: dict[str, dict[str, Any]]


class _Properties(msgspec.Struct, rename="camel"):
    assets: dict[str, dict[str, Any]] | None = None
    read_only: bool | None = None
    payloads_in_blob_storage: bool | None = None
    payloads_location: Any = None


class _Definition(msgspec.Struct):
    properties: _Properties
    location: str = ""


class _Operation(msgspec.Struct, rename="camel"):
    status: str | None = None
    provisioning_state: str | None = None
    percent_complete: float | None = None
    error: Any = None
    error_info: Any = None


def decode_web_service(what: str, answer: Answer) -> WebService:
    """The web service, if its assets can be changed.

    Raises PermanentError with what to do if it is read-only or keeps its assets outside the definition, OutcomeUnknown
    for anything that is no web service.
    """
    definition = decoded(what, answer, _Definition, "a web service's definition")
    properties = definition.properties
    if properties.read_only:
        message = "the web service is read-only (properties.readOnly): deploy it anew without that to update its model"
        raise PermanentError(what, message, status=answer.status, code="ReadOnly")
    if not properties.assets and (properties.payloads_location or properties.payloads_in_blob_storage):
        message = (
            "the web service keeps its assets in blob storage (properties.payloadsLocation: its definition is over "
            "3 MB), where this call cannot change them: deploy a smaller predictive experiment"
        )
        raise PermanentError(what, message, status=answer.status, code="PayloadsInBlobStorage")
    return WebService(definition.location, properties.assets or {})


def scoring_seen(what: str, service: WebService, trained_model_name: str, address: str) -> ScoringSeen:
    """What the service is served from, and whether that is the blob at `address`. A signature does not count.

    Raises PermanentError listing the right names if `trained_model_name` is not among its resources.
    """
    resources = {asset["name"]: asset for asset in service.assets.values() if _is_resource(asset)}
    if trained_model_name not in resources:
        raise PermanentError(what, _unknown_name(trained_model_name, tuple(resources)), code="UnknownTrainedModelName")
    serving = _without_query(_uri(resources[trained_model_name]))
    return ScoringSeen(tuple(resources), serving, serving == address)


def patch_body(service: WebService, trained_model_name: str, location: BlobLocation) -> dict[str, Any]:
    """The whole assets map with one location changed: whether the service merges or replaces it is not documented."""
    assets = {
        key: {**asset, "locationInfo": {"uri": location.url.reveal()}}
        if _is_resource(asset) and asset.get("name") == trained_model_name
        else asset
        for key, asset in service.assets.items()
    }
    return {"location": service.location, "properties": {"packageType": "Graph", "assets": assets}}


def decode_operation(what: str, answer: Answer) -> UpdateSeen:
    """How far the update is: `status`, or `provisioningState` as the specification's model has it."""
    operation = decoded(what, answer, _Operation, "an operation's status")
    status = operation.status or operation.provisioning_state
    if not status:
        raise unreadable(what, answer, "an operation's status", "it has neither status nor provisioningState")
    state = _STATES.get(status.lower(), UpdateState.GOES_ON)
    return UpdateSeen(state, _words(status, operation))


def _words(status: str, operation: _Operation) -> str:
    status, fault = excerpt(status, 80), operation.error or operation.error_info
    if fault:
        return f"{status}: {excerpt(msgspec.json.encode(fault).decode())}"
    return status if operation.percent_complete is None else f"{status}, {operation.percent_complete:.0%}"


def _is_resource(asset: dict[str, Any]) -> bool:
    is_named = isinstance(asset.get("name"), str)
    return is_named and str(asset.get("type", "")).lower() == RESOURCE.lower()


def _uri(asset: dict[str, Any]) -> str:
    location = asset.get("locationInfo")
    return str(location.get("uri") or "") if isinstance(location, dict) else ""


def _without_query(uri: str) -> str:
    return uri.partition("?")[0].partition("#")[0]


def _unknown_name(wanted: str, names: tuple[str, ...]) -> str:
    there = ", ".join(repr(excerpt(name, 100)) for name in names) or "none"
    return (
        f"trainedModelName {wanted!r} is not among the web service's resources ({there}). "
        "Correct it in the AzureMLUpdateResource activity; upper and lower case count"
    )
