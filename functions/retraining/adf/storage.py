"""The storage linked services: which of the three ways opens the account."""

from functions.retraining.core.definitions import (
    ConnectionStringAccess,
    IdentityAccess,
    SasUriAccess,
    StorageAccess,
    StorageLinkedService,
)
from functions.retraining.core.secret import Secret

from .accounts import blob_endpoint, connection_string_parts, split_account
from .findings import Unset
from .node import Fields, Node
from .secrets import secret_text
from .vocabulary import STORAGE

STORAGE_TYPES = ("AzureStorage", "AzureStorageSas", "AzureBlobStorage")
UNKNOWN_ACCESS = IdentityAccess(Unset("?"))
"""Stands for an access that is at fault, so that whatever uses it is checked all the same."""

_WAYS = ("connectionString", "sasUri", "serviceEndpoint")
_NO_OTHER_WAY = {
    "Anonymous": "a container without any authentication",
    "ServicePrincipal": "a service principal that opens storage; the app's own identity does (serviceEndpoint)",
}
_AUTHENTICATION_TYPES = ("AccountKey", "SasUri", "Msi")


def read_storage(name: str, kind: str, inside: Node) -> StorageLinkedService | None:
    """Read a storage linked service of one of `STORAGE_TYPES`; None if its shape cannot be read."""
    fields = inside.fields(STORAGE)
    if fields is None:
        return None
    _check_authentication(fields.find("authenticationType"))
    written = [way for way in _WAYS if not fields.find(way).absent]
    if len(written) > 1:
        fields.find(written[1]).fault(f"stands beside {written[0]}; expected only one of the two")
    first = written[0] if written else None
    access = _access(fields, kind, first)
    _check_companions(fields, first)
    return StorageLinkedService(name, access or UNKNOWN_ACCESS)


def _access(fields: Fields, kind: str, way: str | None) -> StorageAccess | None:
    if way == "serviceEndpoint":
        return _identity(fields.find(way))
    if way == "sasUri" or (way is None and kind == "AzureStorageSas"):
        return _shared_access(fields)
    return _connection_string(fields, kind)


def _connection_string(fields: Fields, kind: str) -> StorageAccess | None:
    ways = "a connection string" if kind == "AzureStorage" else f"one of {', '.join(_WAYS)}"
    node = fields.need("connectionString", ways)
    text, key_node = secret_text(node), fields.find("accountKey")
    key = secret_text(key_node)
    if text is None or isinstance(text, Unset) or isinstance(key, Unset) or (key is None and not key_node.absent):
        return None
    access, problem = _read_connection_string(text, key)
    if problem is not None:
        node.fault(problem)
    return access


def _read_connection_string(text: str, key: str | None) -> tuple[StorageAccess | None, str | None]:
    """What a connection string opens, or what is wrong with it. v2 may keep the account's key beside it."""
    if key is not None:
        text = f"{text.rstrip('; ')};AccountKey={key}"
    parts = connection_string_parts(text)
    if "usedevelopmentstorage" in parts or {"accountname", "accountkey"} <= parts.keys():
        return ConnectionStringAccess(Secret(text)), None
    endpoint = blob_endpoint(parts)
    if "sharedaccesssignature" in parts and endpoint is not None:
        return SasUriAccess(endpoint, Secret(f"?{parts['sharedaccesssignature'].lstrip('?')}")), None
    if key is None and _endpoint_problem(text) is None:
        return IdentityAccess(text.rstrip("/")), None
    return None, "is not a storage connection string; expected AccountName=...;AccountKey=... among its parts"


def _shared_access(fields: Fields) -> SasUriAccess | None:
    node = fields.need("sasUri", "the account's address with its shared access signature")
    text, token_node = secret_text(node), fields.find("sasToken")
    token = secret_text(token_node)
    if text is None or isinstance(text, Unset) or isinstance(token, Unset) or (token is None and not token_node.absent):
        return None
    url, _, query = text.partition("?")
    query = query if token is None else token.lstrip("?")
    problem = _sas_problem(url, query)
    if problem is not None:
        node.fault(problem)
        return None
    return SasUriAccess(url.rstrip("/"), Secret(f"?{query}"))


def _sas_problem(url: str, query: str) -> str | None:
    account, below = split_account(url)
    if not account or "#" in url:
        return "is not the address of an account; expected https://{account}.blob.core.windows.net/?sv=...&sig=..."
    if "/" in below:
        return "is the address of a blob; expected that of the account or of a container"
    names = {part.partition("=")[0].lower() for part in query.split("&")}
    if "sig" not in names:
        return "holds no signature (sig=); copy the whole address, or give sasToken"
    return None


def _identity(node: Node) -> IdentityAccess | None:
    text = node.text_by(_endpoint_problem)
    return None if text is None else IdentityAccess(text if isinstance(text, Unset) else text.rstrip("/"))


def _endpoint_problem(text: str) -> str | None:
    account, below = split_account(text)
    plain = text.isprintable() and not {"?", "#"} & set(text) and text == text.strip()
    if text.startswith("https://") and account and not below and plain:
        return None
    return "is not an account's blob address; expected https://{account}.blob.core.windows.net"


def _check_companions(fields: Fields, way: str | None) -> None:
    """Properties that only go with one of the ways."""
    for name, needed in (("accountKey", "connectionString"), ("sasToken", "sasUri")):
        node = fields.find(name)
        if not node.absent and way not in (needed, None):
            node.fault(f"goes with {needed}, which is not there; expected one of them only")


def _check_authentication(node: Node) -> None:
    text = node.text()
    if text is None or isinstance(text, Unset):
        return
    if text in _NO_OTHER_WAY:
        node.not_supported(_NO_OTHER_WAY[text])
    elif text not in _AUTHENTICATION_TYPES:
        node.fault(f"is no way to authenticate that is known here; expected {', '.join(_AUTHENTICATION_TYPES)}")
