"""The classic update resource call on the wire. Pure; docs/wire/update-resource-classic.md."""

from typing import Any

import msgspec

from functions.retraining.core.blobs import BlobLocation, Model
from functions.retraining.core.errors import PermanentError
from functions.retraining.core.observed import ScoringSeen
from functions.retraining.core.redact import excerpt

from .answers import Answer, decoded


class _Location(msgspec.Struct, rename="pascal"):
    base_location: str | None = None
    relative_location: str | None = None


class _Resource(msgspec.Struct, rename="pascal"):
    name: str
    location: _Location | None = None


class _Endpoint(msgspec.Struct, rename="pascal"):
    resources: list[_Resource] | None = None


def patch_body(trained_model_name: str, location: BlobLocation) -> dict[str, Any]:
    """One resource, one new location."""
    place = {
        "BaseLocation": location.base,
        "RelativeLocation": location.relative,
        "SasBlobToken": location.sas.reveal(),
    }
    return {"Resources": [{"Name": trained_model_name, "Location": place}]}


def decode_endpoint(what: str, answer: Answer, trained_model_name: str, model: Model) -> ScoringSeen:
    """What the endpoint serves under `trained_model_name`.

    Raises PermanentError listing the right names if that one is not among its Resources, OutcomeUnknown for anything
    that is no endpoint.
    """
    resources = decoded(what, answer, _Endpoint, "an endpoint with its Resources").resources or []
    places = {resource.name: _path(resource.location) for resource in resources}
    if trained_model_name not in places:
        raise PermanentError(what, _unknown_name(trained_model_name, tuple(places)), status=answer.status)
    serving = places[trained_model_name]
    return ScoringSeen(tuple(places), serving, serving == model.path)


def _path(location: _Location | None) -> str:
    return (location.relative_location or "").lstrip("/") if location else ""


def _unknown_name(wanted: str, names: tuple[str, ...]) -> str:
    none = "none: only a predictive web service has updatable resources"
    there = ", ".join(repr(excerpt(name, 100)) for name in names) or none
    return (
        f"trainedModelName {wanted!r} is not among the endpoint's resources ({there}). "
        "Correct it in the AzureMLUpdateResource activity; upper and lower case count"
    )
