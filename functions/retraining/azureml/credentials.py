"""Who the app is towards Azure Resource Manager. azure-identity is imported only where it is used."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from functions.retraining.core.definitions import ServicePrincipal
from functions.retraining.credential_log import keep_answers_out_of_log
from functions.retraining.transport import bounded_transport

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

DISABLE_INSTANCE_DISCOVERY = "AZURE_DISABLE_INSTANCE_DISCOVERY"
"""A setting for private clouds, whose authority (`AZURE_AUTHORITY_HOST`) the public directory does not know."""


type Identity = Callable[[], "TokenCredential"]
"""Gives the app's own identity; called only for a linked service without a service principal."""


def credential_for(principal: ServicePrincipal | None, identity: Identity) -> "TokenCredential":
    """The linked service's service principal; without one the app's own identity."""
    if principal is None:
        return identity()
    from azure.identity import ClientSecretCredential  # noqa: PLC0415 - a quarter of a second, only where it is used

    # Left to itself azure-identity waits five minutes for each answer, longer than a run's lease.
    keep_answers_out_of_log()
    options: dict[str, Any] = {"transport": bounded_transport(), "retry_total": 0}
    options["disable_instance_discovery"] = _private_cloud()
    return ClientSecretCredential(principal.tenant, principal.client_id, principal.key.reveal(), **options)


def _private_cloud() -> bool:
    return os.environ.get(DISABLE_INSTANCE_DISCOVERY, "").lower() in {"1", "true"}
