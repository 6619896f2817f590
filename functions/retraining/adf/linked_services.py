"""Documents of linkedService/: storage accounts and web service endpoints."""

from functions.retraining.core.definitions import AzureMLLinkedService, ServicePrincipal, StorageLinkedService
from functions.retraining.core.secret import Secret

from .endpoints import read_ml_endpoint, read_update_resource_endpoint
from .findings import Unset
from .node import Fields, Node
from .secrets import read_connection_string, read_secret
from .vocabulary import AZURE_ML, AZURE_STORAGE, LINKED_SERVICE

type LinkedService = StorageLinkedService | AzureMLLinkedService

_UNKNOWN = Unset("?")
_LATER = {
    "AzureStorageSas": "storage by shared access signature; use AzureStorage with a connection string",
    "AzureBlobStorage": "Data Factory v2 spelling of AzureStorage",
    "AzureMLService": "Azure Machine Learning workspaces; use AzureML",
}


def read_linked_service(name: str, properties: Node) -> LinkedService | None:
    """Read what a linked service's `properties` define; None if its type or shape cannot be read."""
    fields = properties.fields(LINKED_SERVICE)
    if fields is None:
        return None
    kind = fields.need("type", "AzureStorage or AzureML")
    inside = fields.need("typeProperties", "an object with the linked service's own properties")
    match kind.text():
        case "AzureStorage":
            return _storage(name, inside)
        case "AzureML":
            return _azure_ml(name, inside)
        case str(other) if not isinstance(other, Unset):
            _refuse(kind, other)
    return None


def _refuse(kind: Node, name: str) -> None:
    if name in _LATER:
        kind.not_supported_yet(_LATER[name])
    else:
        kind.fault("is not a type of linked service that is known here; expected AzureStorage or AzureML")


def _storage(name: str, inside: Node) -> StorageLinkedService | None:
    fields = inside.fields(AZURE_STORAGE)
    if fields is None:
        return None
    connection_string = read_connection_string(fields.need("connectionString", "a connection string"))
    return StorageLinkedService(name, connection_string or Secret(""))


def _azure_ml(name: str, inside: Node) -> AzureMLLinkedService | None:
    """An endpoint, with stand-ins for what is at fault: so its own fault does not hide those of who uses it."""
    fields = inside.fields(AZURE_ML)
    if fields is None:
        return None
    ml_endpoint = read_ml_endpoint(fields.need("mlEndpoint", "the web service's BATCH EXECUTION address"))
    api_key = read_secret(fields.need("apiKey", "the web service endpoint's key"))
    update = fields.find("updateResourceEndpoint")
    update_resource_endpoint = read_update_resource_endpoint(update)
    if update_resource_endpoint is None and not update.absent:
        update_resource_endpoint = _UNKNOWN
    return AzureMLLinkedService(
        name,
        ml_endpoint or _UNKNOWN,
        api_key or Secret(""),
        update_resource_endpoint,
        _service_principal(fields),
    )


def _service_principal(fields: Fields) -> ServicePrincipal | None:
    """All three or none: a service principal lacking one of them cannot ask for a token."""
    names = ("servicePrincipalId", "servicePrincipalKey", "tenant")
    if all(fields.find(name).absent for name in names):
        return None
    what = "all of servicePrincipalId, servicePrincipalKey and tenant, or none"
    client_id, key, tenant = (fields.need(name, what) for name in names)
    id_text, secret, tenant_text = client_id.text(), read_secret(key), tenant.text()
    if id_text is None or secret is None or tenant_text is None:
        return None
    return ServicePrincipal(id_text, secret, tenant_text)
