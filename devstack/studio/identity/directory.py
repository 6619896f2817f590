"""Who there is: one tenant, and the service principals in it."""

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An application that may ask for tokens. `can_manage` is whether it has a role on the resource group."""

    client_id: str
    object_id: str
    secret: str = field(repr=False)
    can_manage: bool = True

    def has_secret(self, secret: str) -> bool:
        """Whether this is its secret."""
        return hmac.compare_digest(self.secret.encode(), secret.encode())


@dataclass(frozen=True, slots=True)
class Directory:
    """One tenant, known by its GUID and by its domain name."""

    tenant_id: str
    tenant_name: str
    principals: tuple[ServicePrincipal, ...]

    def is_tenant(self, named: str) -> bool:
        """Whether this names the tenant; either way of naming it takes any case."""
        return named.lower() in (self.tenant_id, self.tenant_name)

    def principal(self, client_id: str) -> ServicePrincipal | None:
        """The service principal of this client id."""
        return next((each for each in self.principals if each.client_id == client_id.lower()), None)
