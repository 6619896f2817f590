"""Refusals of the token endpoints, in the shape and words of Microsoft's identity platform.

Shape: azure-docs, active-directory/develop, v2-oauth2-client-creds-grant-flow.md ("Error response"). Codes: the
published list of AADSTS codes, reference-aadsts-error-codes.md. Which HTTP status goes with which code is known for
a wrong secret (401); for the others it is as clients report it.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from devstack.studio.errors import Refusal

_REASONS: Final[Mapping[int, tuple[int, str, str]]] = {
    90002: (
        400,
        "invalid_tenant",
        (
            "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the"
            " correct cloud. Check with your subscription administrator, this may happen if there are no active"
            " subscriptions for the tenant."
        ),
    ),
    900144: (400, "invalid_request", "The request body must contain the following parameter: '{0}'."),
    70003: (400, "unsupported_grant_type", "The app requested an unsupported grant type '{0}'."),
    700016: (
        400,
        "unauthorized_client",
        "Application with identifier '{0}' was not found in the directory '{1}'.",
    ),
    7000215: (
        401,
        "invalid_client",
        (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
            "value, not the client secret ID, for a secret added to app '{0}'."
        ),
    ),
    1002012: (
        400,
        "invalid_scope",
        (
            "The provided value for scope {0} is not valid. Client credential flows must have a scope value "
            "with /.default suffixed to the resource identifier (application ID URI)."
        ),
    ),
    500011: (
        400,
        "invalid_resource",
        (
            "The resource principal named {0} was not found in the tenant named {1}. This can happen if the "
            "application has not been installed by the administrator of the tenant or consented to by any user "
            "in the tenant."
        ),
    ),
}


class TokenRefusal(Refusal):
    """A call to a token endpoint refused by an AADSTS code."""

    def __init__(self, number: int, *facts: str) -> None:
        self.status, error, template = _REASONS[number]
        self.number, self.code, self.detail = number, error, template.format(*facts)
        Exception.__init__(self, self.detail)

    def body(self) -> dict[str, Any]:
        """`error`, `error_description` and what else comes with them; ids and time are of this answer."""
        return token_error_body(self.code, f"AADSTS{self.number}: {self.detail}", (self.number,))


def token_error_body(error: str, description: str, numbers: tuple[int, ...] = ()) -> dict[str, Any]:
    """The documented shape of a token endpoint's error."""
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return {
        "error": error,
        "error_description": f"{description} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}",
        "error_codes": list(numbers),
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": correlation,
    }
