"""What a PATCH of a web service asks for, checked wholly before anything changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from devstack.studio.resource_manager.assets import Assets
from devstack.studio.resource_manager.refusals import ArmRefusal, ProviderRefusal, bad_argument

# What a caller may change. The specification marks the other properties of GET as read-only: sent, they are ignored.
_CHANGEABLE: Final = (
    *("title", "description", "readOnly", "exposeSampleData", "realtimeConfiguration", "diagnostics"),
    *("input", "output", "exampleRequest", "parameters", "package"),
)
_KINDS: Final = ("Module", "Resource")


@dataclass(frozen=True, slots=True)
class WebServicePatch:
    """The changes: `assets` those sent, `keys` new ones, `properties` the others as they were sent."""

    assets: Assets = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    properties: Mapping[str, Any] = field(default_factory=dict)


def read_patch(body: bytes, *, location: str, location_required: bool) -> WebServicePatch:
    """Read a PATCH's body. `location` is where the web service is. Raises ArmRefusal or ProviderRefusal."""
    resource = _object(body)
    _check_location(resource.get("location"), location, required=location_required)
    properties = resource.get("properties")
    if not isinstance(properties, dict):
        raise bad_argument("RequestBodyInvalid", "The body has no properties.")
    if properties.get("packageType") != "Graph":
        raise bad_argument("RequestBodyInvalid", "properties.packageType is the discriminator: it has to be Graph.")
    return WebServicePatch(
        assets=_assets(properties.get("assets")),
        keys=_keys(properties.get("keys")),
        properties={name: properties[name] for name in _CHANGEABLE if properties.get(name) is not None},
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        resource = json.loads(body)
    except ValueError as error:
        raise _not_an_object() from error
    if not isinstance(resource, dict):
        raise _not_an_object()
    return resource


def _not_an_object() -> ArmRefusal:
    return ArmRefusal(
        400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: not an object."
    )


def _check_location(sent: object, location: str, *, required: bool) -> None:
    if sent is None:
        if required:
            raise ArmRefusal(400, "LocationRequired", "The location property is required for this definition.")
        return
    if _plain(str(sent)) != _plain(location):
        message = (
            f"The resource already exists in location '{_plain(location)}'. A resource with the same name cannot be "
            f"created in location '{_plain(str(sent))}'. Please select a new resource name."
        )
        raise ArmRefusal(409, "InvalidResourceLocation", message)


def _plain(location: str) -> str:
    return location.replace(" ", "").lower()


def _assets(sent: object) -> Assets:
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise bad_argument("InvalidAsset", "assets is not a map.")
    return {key: _asset(key, asset) for key, asset in sent.items()}


def _asset(key: str, asset: object) -> dict[str, Any]:
    # The specification: name, type, locationInfo and locationInfo.uri are required.
    if not isinstance(asset, dict) or not isinstance(asset.get("name"), str) or asset.get("type") not in _KINDS:
        raise bad_argument("InvalidAsset", f"Asset {key!r} needs a name and a type (Module or Resource).")
    location = asset.get("locationInfo")
    if not isinstance(location, dict) or not isinstance(location.get("uri"), str):
        raise bad_argument("InvalidAsset", f"Asset {key!r} needs locationInfo.uri.")
    if not isinstance(location.get("credentials", ""), str | None):
        raise bad_argument("InvalidAsset", f"The credentials of asset {key!r} are not text.")
    return asset


def _keys(sent: object) -> dict[str, str]:
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise _bad_keys()
    keys = {name: sent[name] for name in ("primary", "secondary") if sent.get(name) is not None}
    if not all(isinstance(key, str) and key for key in keys.values()):
        raise _bad_keys()
    return keys


def _bad_keys() -> ProviderRefusal:
    return bad_argument("InvalidKeys", "keys has a primary and a secondary, both text.")
