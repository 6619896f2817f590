"""Documents of linkedService/: storage accounts, web service endpoints, and the vaults that are not needed here."""

from functions.retraining.core.definitions import AzureMLLinkedService, ServicePrincipal, StorageLinkedService
from functions.retraining.core.secret import Secret

from .endpoints import read_ml_endpoint, read_update_resource_endpoint
from .findings import Unset
from .node import Fields, Node
from .secrets import read_secret
from .storage import STORAGE_TYPES, read_storage
from .vocabulary import AZURE_ML, KEY_VAULT, LINKED_SERVICE


class KeyVault:
    """A linked service of type AzureKeyVault. Nothing of it is needed: its secrets are settings."""


type LinkedService = StorageLinkedService | AzureMLLinkedService | KeyVault

_UNKNOWN = Unset("?")
_KINDS = "AzureStorage, AzureStorageSas, AzureBlobStorage or AzureML"
_PRINCIPAL = ("servicePrincipalId", "servicePrincipalKey", "tenant")
_AUTHENTICATIONS = ("MSI", "ServicePrincipal")


def read_linked_service(name: str, properties: Node) -> LinkedService | None:
    """Read what a linked service's `properties` define; None if its type or shape cannot be read."""
    fields = properties.fields(LINKED_SERVICE)
    if fields is None:
        return None
    kind = fields.need("type", _KINDS)
    inside = fields.need("typeProperties", "an object with the linked service's own properties")
    match kind.text():
        case "AzureML":
            return _azure_ml(name, inside)
        case "AzureKeyVault":
            inside.fields(KEY_VAULT)
            return KeyVault()
        case str(text) if text in STORAGE_TYPES:
            return read_storage(name, text, inside)
        case str(other) if not isinstance(other, Unset):
            _refuse(kind, other)
    return None


def _refuse(kind: Node, name: str) -> None:
    if name == "AzureMLService":
        kind.not_supported("Azure Machine Learning workspaces; AzureML is the kind that batch execution calls")
    else:
        kind.fault(f"is not a type of linked service that is known here; expected {_KINDS}")


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
    """All three or none: a service principal lacking one cannot ask for a token. Without, it is the app's identity."""
    authentication = _authentication(fields.find("authentication"))
    written = [name for name in _PRINCIPAL if not fields.find(name).absent]
    if authentication == "MSI" and written:
        fields.find("authentication").fault(f"is MSI, but {written[0]} is there too; keep one of the two")
    if not written and authentication != "ServicePrincipal":
        return None
    client_id, key, tenant = (fields.need(name, f"all of {', '.join(_PRINCIPAL)}, or none") for name in _PRINCIPAL)
    id_text, secret, tenant_text = client_id.text(), read_secret(key), tenant.text()
    if id_text is None or secret is None or tenant_text is None:
        return None
    return ServicePrincipal(id_text, secret, tenant_text)


def _authentication(node: Node) -> str | None:
    text = node.text()
    if text is None or isinstance(text, Unset) or text in _AUTHENTICATIONS:
        return text
    node.fault(f"is no way to authenticate that is known here; expected {' or '.join(_AUTHENTICATIONS)}")
    return None
