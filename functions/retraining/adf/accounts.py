"""Which storage account an access means, so that two spellings of one place are seen to be one."""

import re
from collections.abc import Mapping

from functions.retraining.core.definitions import ConnectionStringAccess, IdentityAccess, SasUriAccess, StorageAccess

_DEVELOPMENT = "127.0.0.1:10000/devstoreaccount1"
_ADDRESS = r"https?://(?P<host>[^/?#@]+)(?P<path>/[^?#]*)?(\?[^#]*)?"
_LOCAL_HOST = r"(localhost|[0-9.]+|\[[0-9a-f:.]+\])(:[0-9]+)?"


def account_of(access: StorageAccess) -> str:
    """The account's blob address without scheme: `name.blob.core.windows.net`. Empty if it cannot be told."""
    match access:
        case ConnectionStringAccess(connection_string):
            return _in_connection_string(connection_string_parts(connection_string.reveal()))
        case SasUriAccess(url) | IdentityAccess(url):
            return split_account(url)[0]


def split_account(url: str) -> tuple[str, str]:
    """A blob address's account and the path below it; by address alone (127.0.0.1) the account is in the path."""
    match = re.fullmatch(_ADDRESS, url.strip().lower())
    if match is None:
        return "", ""
    path = (match["path"] or "").strip("/")
    if re.fullmatch(_LOCAL_HOST, match["host"]) is None:
        return match["host"].removesuffix(":443"), path
    account, _, below = path.partition("/")
    return f"{match['host']}/{account}", below


def connection_string_parts(text: str) -> Mapping[str, str]:
    """A connection string's parts that have a value, by lower-case name."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if value.strip()}


def blob_endpoint(parts: Mapping[str, str]) -> str | None:
    """The blob address that a connection string's parts give, or None."""
    if "blobendpoint" in parts:
        return parts["blobendpoint"].rstrip("/")
    if "accountname" not in parts:
        return None
    scheme = parts.get("defaultendpointsprotocol", "https")
    return f"{scheme}://{parts['accountname']}.blob.{parts.get('endpointsuffix', 'core.windows.net')}"


def _in_connection_string(parts: Mapping[str, str]) -> str:
    if "usedevelopmentstorage" in parts:
        return _DEVELOPMENT
    endpoint = blob_endpoint(parts)
    return split_account(endpoint)[0] if endpoint else ""
