"""Assets of a web service's definition: where a trained model's asset points to, and how a PATCH changes assets."""

from typing import Any

from azure.core.exceptions import AzureError
from azure.storage.blob import BlobClient

from devstack.studio.blob_reference import BlobReference

Assets = dict[str, dict[str, Any]]


class UnreadableModel(ValueError):
    """An asset's model cannot be read; says which and why, without its credentials."""


def model_reference(location_info: dict[str, Any]) -> BlobReference:
    """The blob of an asset: by `credentials` (a connection string) if there are any, else by its uri's own query.

    Raises UnreadableModel for what is no blob's uri, or a connection string for another account.
    """
    uri, _, query = str(location_info.get("uri") or "").partition("?")
    credentials = str(location_info.get("credentials") or "")
    try:
        base, path = _parts(uri)
        if not credentials:
            return BlobReference(path, base_location=base, sas_blob_token=f"?{query}" if query else "")
        reference = BlobReference(path, connection_string=credentials)
        same_account = reference.account_url.lower() == base.lower()
    except (ValueError, AttributeError) as error:
        raise UnreadableModel(f"{uri or 'an empty uri'} is no blob, or its credentials are malformed.") from error
    if not same_account:
        raise UnreadableModel(f"The credentials are not those of the account of {uri}.")
    return reference


def model_location(reference: BlobReference) -> dict[str, str]:
    """The asset's location for a blob that is read by a token."""
    with reference.client() as client:
        # The client's own URL has the name percent-encoded, as a uri must; its query is the token.
        return {"uri": str(client.url), "credentials": ""}


def check_readable(assets: Assets, before: Assets) -> None:
    """Raises UnreadableModel unless each trained model that lies elsewhere than before can be read now."""
    for key, asset in assets.items():
        location = asset["locationInfo"]
        moved = key not in before or before[key]["locationInfo"] != location
        if asset["type"] == "Resource" and moved:
            _check(location)


def changed_assets(current: Assets, sent: Assets, how: str) -> Assets:
    """The assets after a PATCH: `merge`d into the current ones, or `replace`d by those sent.

    GET never shows credentials; so an asset that comes back with its own uri and none keeps those it had.
    """
    kept = {key: _with_known_credentials(asset, current.get(key)) for key, asset in sent.items()}
    return {**current, **kept} if how == "merge" else kept


def shown(asset: dict[str, Any], *, without_query: bool) -> dict[str, Any]:
    """An asset as GET shows it: never with its credentials."""
    uri = asset["locationInfo"]["uri"]
    shown_uri = uri.partition("?")[0] if without_query else uri
    return {**asset, "locationInfo": {"uri": shown_uri, "credentials": ""}}


def _parts(uri: str) -> tuple[str, str]:
    with BlobClient.from_blob_url(uri) as client:
        return f"{client.scheme}://{client.primary_hostname}/", f"{client.container_name}/{client.blob_name}"


def _check(location_info: dict[str, Any]) -> None:
    reference = model_reference(location_info)
    place = reference.relative_location
    if not place.lower().endswith(".ilearner"):
        raise UnreadableModel(f"{place} is no .ilearner.")
    try:
        reference.etag()
    except (AzureError, ValueError) as error:
        said = getattr(error, "error_code", None) or type(error).__name__
        raise UnreadableModel(f"{place} cannot be read ({said}).") from error


def _with_known_credentials(asset: dict[str, Any], known: dict[str, Any] | None) -> dict[str, Any]:
    location = asset["locationInfo"]
    if location.get("credentials") or known is None:
        return asset
    known_uri = known["locationInfo"]["uri"]
    unchanged = location["uri"] in (known_uri, known_uri.partition("?")[0])
    return {**asset, "locationInfo": known["locationInfo"]} if unchanged else asset
