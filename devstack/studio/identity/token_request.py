"""What a call to a token endpoint asks for: form fields in, a principal and a resource out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from devstack.studio.identity.directory import Directory, ServicePrincipal
from devstack.studio.identity.refusals import TokenRefusal

_DEFAULT: Final = "/.default"
# Both names of Azure's own Resource Manager; the studio's own address is the third that it is known by.
_MANAGEMENT: Final = ("https://management.azure.com", "https://management.core.windows.net")


@dataclass(frozen=True, slots=True)
class Granted:
    """Whose token it shall be, and for which resource."""

    principal: ServicePrincipal
    resource: str


def read_v1(body: str, directory: Directory, origin: str) -> Granted:
    """A v1 call: `resource` names the resource. Raises TokenRefusal."""
    form = _form(body)
    principal = _principal(form, directory)
    return Granted(principal, _known(_field(form, "resource"), directory, origin))


def read_v2(body: str, directory: Directory, origin: str) -> Granted:
    """A v2 call: `scope` is the resource with `/.default` at its end. Raises TokenRefusal."""
    form = _form(body)
    principal = _principal(form, directory)
    scope = _field(form, "scope")
    resource = scope.removesuffix(_DEFAULT)
    if resource == scope:
        raise TokenRefusal(1002012, scope)
    return Granted(principal, _known(resource, directory, origin))


def is_management(resource: str, origin: str) -> bool:
    """Whether a token for this resource opens the Resource Manager at `origin`; a slash at the end does not matter."""
    return resource.rstrip("/").lower() in (*_MANAGEMENT, origin.lower())


def _form(body: str) -> Mapping[str, str]:
    # The body is decoded here and once: a secret's `+` that a client did not encode becomes a blank, as it did there.
    return dict(parse_qsl(body, keep_blank_values=True))


def _principal(form: Mapping[str, str], directory: Directory) -> ServicePrincipal:
    grant = _field(form, "grant_type")
    if grant != "client_credentials":
        raise TokenRefusal(70003, grant)
    client_id = _field(form, "client_id")
    principal = directory.principal(client_id)
    if principal is None:
        raise TokenRefusal(700016, client_id, directory.tenant_name)
    if not principal.has_secret(_field(form, "client_secret")):
        raise TokenRefusal(7000215, client_id)
    return principal


def _field(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise TokenRefusal(900144, name)
    return form[name]


def _known(resource: str, directory: Directory, origin: str) -> str:
    if not is_management(resource, origin):
        raise TokenRefusal(500011, resource, directory.tenant_name)
    return resource
