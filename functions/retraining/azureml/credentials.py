"""Who the app is towards Azure Resource Manager. azure-identity is imported only where it is used."""

import os
from typing import TYPE_CHECKING, Any

from functions.retraining.core.definitions import ServicePrincipal

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

DISABLE_INSTANCE_DISCOVERY = "AZURE_DISABLE_INSTANCE_DISCOVERY"
"""A setting for private clouds, whose authority (`AZURE_AUTHORITY_HOST`) the public directory does not know."""


def credential_for(principal: ServicePrincipal | None) -> "TokenCredential":
    """The linked service's service principal; without one DefaultAzureCredential.

    That is the app's managed identity in Azure, and the user's own login on a laptop.
    """
    from azure.identity import ClientSecretCredential, DefaultAzureCredential  # noqa: PLC0415 - a quarter of a second

    if principal is None:
        return DefaultAzureCredential(exclude_interactive_browser_credential=True)
    options: dict[str, Any] = {"disable_instance_discovery": _private_cloud(), "retry_total": 0}
    return ClientSecretCredential(principal.tenant, principal.client_id, principal.key.reveal(), **options)


def _private_cloud() -> bool:
    return os.environ.get(DISABLE_INSTANCE_DISCOVERY, "").lower() in {"1", "true"}
