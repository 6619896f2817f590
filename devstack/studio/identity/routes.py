"""The identity platform over HTTP: its metadata and both forms of its token endpoint."""

import math
import time
from typing import Any

from flask import Blueprint, Response, request

from devstack.studio.answers import json_answer
from devstack.studio.cloud import cloud
from devstack.studio.identity.access_token import AccessToken
from devstack.studio.identity.directory import Directory
from devstack.studio.identity.refusals import TokenRefusal
from devstack.studio.identity.token_request import Granted, read_v1, read_v2
from devstack.studio.provenance import documented

token = Blueprint("token", __name__, url_prefix="/<tenant>")


@token.get("/v2.0/.well-known/openid-configuration")
@documented("azure-docs v2-protocols-oidc.md; azure-identity asks here first when it is given an authority")
def openid_configuration(tenant: str) -> Response:
    """Where this tenant's endpoints are. The issuer names the tenant by its GUID."""
    _directory(tenant)
    home, guid = request.host_url + tenant, request.host_url + cloud().directory.tenant_id
    return json_answer(
        {
            "token_endpoint": f"{home}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
            "issuer": f"{guid}/v2.0",
            # Nothing answers there: a client has no key to check. But msal-node takes no metadata without it.
            "jwks_uri": f"{home}/discovery/v2.0/keys",
            "response_types_supported": ["token"],
            "scopes_supported": ["openid"],
        }
    )


@token.post("/oauth2/v2.0/token")
@documented("azure-docs v2-oauth2-client-creds-grant-flow.md")
def issue_v2(tenant: str) -> Response:
    """A token for a scope; its numbers are numbers."""
    directory = _directory(tenant)
    granted = read_v2(request.get_data(as_text=True), directory, _origin())
    lifetime = cloud().settings.token_lifetime
    signed = _signed(granted, lifetime)
    return _never_stored(
        {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": signed}
    )


@token.post("/oauth2/token")
@documented("azure-docs v1-oauth2-client-creds-grant-flow.md: numbers arrive as text")
def issue_v1(tenant: str) -> Response:
    """A token for a resource; its numbers are text."""
    directory = _directory(tenant)
    granted = read_v1(request.get_data(as_text=True), directory, _origin())
    lifetime, now = cloud().settings.token_lifetime, time.time()
    return _never_stored(
        {
            "token_type": "Bearer",
            "expires_in": str(lifetime),
            "ext_expires_in": str(lifetime),
            "expires_on": str(_expiry(now, lifetime)),
            "not_before": str(int(now)),
            "resource": granted.resource,
            "access_token": _signed(granted, lifetime),
        }
    )


def _directory(tenant: str) -> Directory:
    directory = cloud().directory
    if not directory.is_tenant(tenant):
        raise TokenRefusal(90002, tenant)
    return directory


def _origin() -> str:
    return request.host_url.rstrip("/")


def _signed(granted: Granted, lifetime: int) -> str:
    directory, now = cloud().directory, time.time()
    return AccessToken(
        audience=granted.resource,
        issuer=f"{request.host_url}{directory.tenant_id}/v2.0",
        tenant_id=directory.tenant_id,
        client_id=granted.principal.client_id,
        object_id=granted.principal.object_id,
        issued_at=int(now),
        expires_at=_expiry(now, lifetime),
    ).sign(cloud().keys.signing)


def _expiry(now: float, lifetime: int) -> int:
    # Whole seconds, and never less than was said.
    return math.ceil(now) + lifetime


def _never_stored(body: dict[str, Any]) -> Response:
    answer = json_answer(body)
    answer.headers["Cache-Control"] = "no-store, no-cache"
    return answer
