"""Who may do what in the resource group: token, api-version, subscription, role, group; in this order."""

from datetime import UTC, datetime
from typing import Final

from flask import request

from devstack.studio.cloud import cloud
from devstack.studio.execution_access import bearer_key
from devstack.studio.identity.access_token import AccessToken, ExpiredToken, ForeignToken
from devstack.studio.identity.token_request import is_management
from devstack.studio.resource_manager.refusals import ArmRefusal
from devstack.studio.resource_manager.resource_group import ResourceGroup

PREVIEW: Final = "2016-05-01-preview"
VERSIONS: Final = (PREVIEW, "2017-01-01")


def authorized(subscription: str, action: str, scope: str = "") -> ResourceGroup:
    """The subscription's resource group, if the caller may do this there; `action` as `webServices/read`.

    `scope` is what the action is over, if not the subscription. Raises ArmRefusal.
    """
    token = _token()
    _check_version()
    group = cloud().resource_group
    if subscription.lower() != group.subscription_id:
        message = f"The subscription '{subscription}' could not be found."
        raise ArmRefusal(404, "SubscriptionNotFound", message)
    principal = cloud().directory.principal(token.client_id)
    if principal is None or not principal.can_manage:
        raise _forbidden(token, action, scope or f"/subscriptions/{subscription}")
    return group


def _token() -> AccessToken:
    sent = bearer_key()
    if not sent:
        raise _unauthorized("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    try:
        token = AccessToken.verify(sent, cloud().keys.signing)
    except ForeignToken as error:
        raise _unauthorized("InvalidAuthenticationToken", "The access token is invalid.") from error
    except ExpiredToken as error:
        now = _as_said(datetime.now(UTC))
        expiry = _as_said(datetime.fromtimestamp(error.at, UTC))
        message = f"The access token expiry UTC time '{expiry}' is earlier than current UTC time '{now}'."
        raise _unauthorized("ExpiredAuthenticationToken", message) from error
    if not is_management(token.audience, request.host_url.rstrip("/")):
        message = f"The access token has been obtained for wrong audience or resource '{token.audience}'."
        raise _unauthorized("InvalidAuthenticationTokenAudience", message)
    return token


def _check_version() -> None:
    version = request.args.get("api-version", "")
    if not version:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmRefusal(400, "MissingApiVersionParameter", message)
    if version not in VERSIONS:
        message = f"The api-version '{version}' is invalid. The supported versions are '{','.join(VERSIONS)}'."
        raise ArmRefusal(400, "InvalidApiVersionParameter", message)


def _unauthorized(code: str, message: str) -> ArmRefusal:
    home = f"{request.host_url}{cloud().directory.tenant_id}"
    challenge = f'Bearer authorization_uri="{home}", error="invalid_token", error_description="{message}"'
    return ArmRefusal(401, code, message, challenge=challenge)


def _forbidden(token: AccessToken, action: str, scope: str) -> ArmRefusal:
    message = (
        f"The client '{token.client_id}' with object id '{token.object_id}' does not have authorization to perform "
        f"action 'Microsoft.MachineLearning/{action}' over scope '{scope}' or the scope is invalid. If access was "
        "recently granted, please refresh your credentials."
    )
    return ArmRefusal(403, "AuthorizationFailed", message)


def _as_said(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year} {moment:%I:%M:%S %p}"
