"""What it means that no token was given. Pure.

azure-identity says the token service's HTTP status only for some refusals; for the others there are its words.
"""

import re
from http import HTTPStatus

from azure.core.exceptions import ClientAuthenticationError

from functions.retraining.core.errors import PermanentError, ServiceError, TransientError
from functions.retraining.core.redact import excerpt

from .answers import NOT_CARRIED_OUT, PERHAPS_CARRIED_OUT

NO_TOKEN = "NoToken"  # noqa: S105 - an error code, no password
ADVICE = "check servicePrincipalId, servicePrincipalKey and tenant of the linked service"

_REFUSAL = re.compile(
    r"\bAADSTS(?P<number>[0-9]+)|\binvalid_[a-z]+|\bunauthorized_client\b|\bUnable to get authority configuration\b"
)
"""An error of Microsoft Entra ID, one of OAuth 2 (RFC 6749 section 5.2), or MSAL's for a tenant that does not exist."""

_PASSES_BY_ITSELF = frozenset({"90006", "90012", "90024", "90033", "90055"})
"""Unavailable, timed out, over budget, throttled: azure-docs, reference-aadsts-error-codes.md."""


def no_token(what: str, error: ClientAuthenticationError) -> ServiceError:
    """For good if the token service refused; for now if it is troubled or away, or no identity is there yet."""
    text = error.message or str(error)
    words = f"no token was given: {excerpt(text)}"
    if _refused(error.status_code, text):
        return PermanentError(what, f"{words}; {ADVICE}", status=error.status_code, code=NO_TOKEN)
    return TransientError(what, words, status=error.status_code, code=NO_TOKEN)


def no_credential(what: str, error: ValueError) -> PermanentError:
    """For good: what the linked service names cannot even be asked with."""
    return PermanentError(what, f"no token can be asked for: {excerpt(str(error))}; {ADVICE}", code=NO_TOKEN)


def _refused(status: int | None, text: str) -> bool:
    if status is not None:
        return status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in NOT_CARRIED_OUT | PERHAPS_CARRIED_OUT
    refusal = _REFUSAL.search(text)
    return refusal is not None and refusal["number"] not in _PASSES_BY_ITSELF
