"""What Azure Storage's refusals mean here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from functions.retraining.core.errors import (
    Conflict,
    NotFound,
    PermanentError,
    RelearnerError,
    ServiceError,
    TransientError,
)
from functions.retraining.core.redact import excerpt

CONDITION_NOT_MET = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})
REFUSED_FOR_GOOD = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

PASSES_BY_ITSELF = frozenset({"AccountBeingCreated", "ContainerBeingDeleted", "LeaseIdMissing"})
"""Codes of 409 and 412 that say nothing about who wrote."""


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise Conflict for a condition not met, NotFound, and TransientError or PermanentError for the rest."""
    try:
        yield
    except HttpResponseError as error:
        raise _answered(what, error) from error
    except AzureError as error:
        raise TransientError(what, f"storage cannot be reached: {excerpt(str(error))}") from error


def _answered(what: str, error: HttpResponseError) -> RelearnerError:
    """Judged by status and code, not by the SDK's exception.

    For the SDK every CannotVerifyCopySource is a ResourceNotFoundError, an expired link's 403 too, and a
    SourceConditionNotMet is nothing in particular.
    """
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    code = str(headers.get("x-ms-error-code") or getattr(error, "error_code", None) or "")
    if error.status_code in CONDITION_NOT_MET and code not in PASSES_BY_ITSELF:
        return Conflict(f"{what}: somebody else wrote first")
    # The SDK appends request id, time and the raw body to the service's sentence; the first line is the sentence.
    words = excerpt((error.message or "").partition("\n")[0])
    request_id = headers.get("x-ms-request-id", "")
    return _kind(error)(what, words, status=error.status_code, code=code, request_id=request_id)


def _kind(error: HttpResponseError) -> type[ServiceError]:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound
    # ClientAuthenticationError without a status: the key cannot even sign.
    refused = error.status_code in REFUSED_FOR_GOOD or isinstance(error, ClientAuthenticationError)
    return PermanentError if refused else TransientError
