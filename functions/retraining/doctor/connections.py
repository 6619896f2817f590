"""A binding's `connection`, looked up in the settings as the Functions host does it.

azure-docs, functions-storage-blob-connections.md: the setting X, else AzureWebJobsX, is a connection string; without
one, X__blobServiceUri and its like are addresses that the app's identity opens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.retraining.adf.accounts import connection_string_parts
from functions.retraining.core.definitions import ConnectionStringAccess, IdentityAccess
from functions.retraining.core.secret import Secret

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

type Identity = Callable[[], "TokenCredential"]

_DEVELOPMENT_QUEUES = "http://127.0.0.1:10001/devstoreaccount1"
"""What UseDevelopmentStorage=true means: learn.microsoft.com, Use the Azurite emulator."""


@dataclass(frozen=True)
class Connection:
    """A storage account as a binding reaches it. `queues` is empty where the settings name no queue service."""

    setting: str
    access: ConnectionStringAccess | IdentityAccess
    queues: str
    client_id: str | None = None


def connection_of(values: Mapping[str, str], name: str) -> Connection | None:
    """The connection of this name; None if no setting gives one."""
    for prefix in ("", "AzureWebJobs"):
        found = _named(values, f"{prefix}{name}")
        if found:
            return found
    return None


def _named(values: Mapping[str, str], setting: str) -> Connection | None:
    text = values.get(setting, "").strip()
    if text:
        return Connection(setting, ConnectionStringAccess(Secret(text)), _queues_in(text))
    blobs = _uri(values, setting, "blob") or values.get(f"{setting}__serviceUri", "").strip().rstrip("/")
    if not blobs:
        return None
    client_id = values.get(f"{setting}__clientId") or None
    return Connection(f"{setting}__blobServiceUri", IdentityAccess(blobs), _uri(values, setting, "queue"), client_id)


def _uri(values: Mapping[str, str], setting: str, service: str) -> str:
    account = values.get(f"{setting}__accountName", "").strip()
    derived = f"https://{account}.{service}.core.windows.net" if account else ""
    return values.get(f"{setting}__{service}ServiceUri", "").strip().rstrip("/") or derived


def _queues_in(connection_string: str) -> str:
    parts = connection_string_parts(connection_string)
    if "usedevelopmentstorage" in parts:
        return _DEVELOPMENT_QUEUES
    if "queueendpoint" in parts:
        return parts["queueendpoint"].rstrip("/")
    if "accountname" not in parts:
        return ""
    scheme = parts.get("defaultendpointsprotocol", "https")
    return f"{scheme}://{parts['accountname']}.queue.{parts.get('endpointsuffix', 'core.windows.net')}"
