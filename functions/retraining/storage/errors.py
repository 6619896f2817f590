"""What Azure Storage's refusals mean here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)

from functions.retraining.core.errors import Conflict, NotFound, PermanentError, ServiceError, TransientError
from functions.retraining.core.redact import excerpt

_REFUSED_FOR_GOOD = frozenset({400, 401, 403})


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise Conflict for a condition not met, NotFound, and TransientError or PermanentError for the rest."""
    try:
        yield
    except (ResourceModifiedError, ResourceExistsError) as error:
        message = f"{what}: somebody else wrote first"
        raise Conflict(message) from error
    except ResourceNotFoundError as error:
        raise _answered(NotFound, what, error) from error
    except HttpResponseError as error:
        kind = PermanentError if error.status_code in _REFUSED_FOR_GOOD else TransientError
        raise _answered(kind, what, error) from error
    except AzureError as error:
        raise TransientError(what, f"storage cannot be reached: {excerpt(str(error))}") from error


def _answered(kind: type[ServiceError], what: str, error: HttpResponseError) -> ServiceError:
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    code = getattr(error, "error_code", None) or headers.get("x-ms-error-code", "")
    # The SDK appends request id, time and the raw body to the service's sentence; the first line is the sentence.
    words = excerpt((error.message or "").partition("\n")[0])
    return kind(
        what, words, status=error.status_code, code=str(code or ""), request_id=headers.get("x-ms-request-id", "")
    )
