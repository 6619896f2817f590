"""What to do about a refusal of storage or of a service, by its code."""

from functions.retraining.core.errors import ServiceError

_ROLES = "the roles that docs/rights.md names"
_BY_CODE = {
    "AuthenticationFailed": "the key or signature is not the account's: copy the connection string again; if it is "
    "right, look at the clock (finding `clock`)",
    "AuthorizationFailure": "the key is not the account's (copy the connection string again), or the account's "
    "firewall keeps this machine out (run the doctor inside its network), or the identity has no role: give it "
    f"{_ROLES}",
    "AuthorizationPermissionMismatch": f"give the identity {_ROLES} (a new role takes minutes), or sign "
    "the shared access signature with the permission that is missing",
    "KeyBasedAuthenticationNotPermitted": "the account has shared keys off: allow them, or open it by identity "
    "(docs/settings.md, Storage by identity)",
    "ContainerNotFound": "create the container, or correct its name in the settings",
    "InvalidAuthenticationInfo": "the token is not for this tenant or account: check the identity and the address",
    "NoToken": "on a laptop sign in with `az login`; in Azure give the app the identity that the settings name",
    "ScoreRequestUnauthorized": "copy the endpoint's API key again (the web service's dashboard shows it)",
}
_BY_STATUS = {
    401: "the key or token is refused: copy it again, or let the setting name the right one",
    403: "whoever asked lacks the right: check key, role and firewall",
    404: "the address leads nowhere: copy it again from the web service's dashboard",
}
_UNREACHED = "check the address, the network between here and there, and that the service runs"


def to_do_about(error: ServiceError) -> str:
    """What the person on call can do."""
    fallback = _UNREACHED if error.status is None else "try again; if it stays, ask its support with the request id"
    return _BY_CODE.get(error.code) or _BY_STATUS.get(error.status or 0) or fallback
