"""The tenant the studio starts with: one service principal that may manage the resource group, one that may not."""

from typing import Final

from devstack.studio.identity.directory import Directory, ServicePrincipal
from devstack.studio.provisioning import Keys, stable_guid

TENANT_NAME: Final = "relearner.example"


def provision_directory(keys: Keys) -> Directory:
    """The tenant. Its ids are always the same, so that a restarted studio has the same."""
    return Directory(
        tenant_id=stable_guid("tenant"),
        tenant_name=TENANT_NAME,
        principals=(
            _principal("principal", keys.service_principal, can_manage=True),
            _principal("principal without role", keys.service_principal_without_role, can_manage=False),
        ),
    )


def _principal(what: str, secret: str, *, can_manage: bool) -> ServicePrincipal:
    return ServicePrincipal(stable_guid(what), stable_guid(f"{what}, object"), secret, can_manage=can_manage)
