"""Answers of the services, and what an error among them means. Pure; rules from docs/wire/errors.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, ServiceError, TransientError
from functions.retraining.core.redact import excerpt

NOT_CARRIED_OUT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""The service refused for now: throttling is 503 here (RequestThrottled), 429 by the general rule."""

PERHAPS_CARRIED_OUT = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""The service, or something before it, failed at some moment of the call."""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        """Any 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def header(self, name: str) -> str:
        """A header's value whatever its case; empty if absent."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


class _Detail(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Error(msgspec.Struct):
    code: str = ""
    message: str = ""
    details: list[_Detail] | None = None


class _ErrorBody(msgspec.Struct):
    error: _Error


def expect_success(what: str, answer: Answer) -> Answer:
    """The answer if it is any 2xx. Raises the ServiceError that its status and body mean."""
    if answer.succeeded:
        return answer
    raise error_of(what, answer)


def error_of(what: str, answer: Answer) -> ServiceError:
    """The error that this answer means, in the service's own words, with its most specific code and request id."""
    code, message = _words(answer)
    error = _kind(answer.status)(
        what, message, status=answer.status, code=code, request_id=answer.header("x-ms-request-id")
    )
    if isinstance(error, TransientError):
        error.retry_after = retry_after(answer, datetime.now(UTC))
    return error


def unreadable(what: str, answer: Answer, expected: str) -> OutcomeUnknown:
    """The error for a 2xx whose body is not what the contract says: carried out, perhaps, but not understood."""
    message = f"the service answered with something else than {expected}: {_text(answer.body) or 'an empty body'}"
    return OutcomeUnknown(what, message, status=answer.status, request_id=answer.header("x-ms-request-id"))


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """The wait that the service wishes: seconds or an HTTP date (RFC 9110 section 10.2.3)."""
    wish = answer.header("retry-after").strip()
    if wish.isdecimal():
        return timedelta(seconds=min(int(wish), 86_400))
    try:
        return max(parsedate_to_datetime(wish) - now, timedelta(0)) if wish else None
    except (ValueError, TypeError):
        return None


def _kind(status: int) -> type[ServiceError]:
    if status in NOT_CARRIED_OUT:
        return TransientError
    if status in PERHAPS_CARRIED_OUT:
        return OutcomeUnknown
    return NotFound if status == HTTPStatus.NOT_FOUND else PermanentError


def _words(answer: Answer) -> tuple[str, str]:
    """Code and message: the class's message and the first detail's, as Data Factory joins them."""
    try:
        error = msgspec.json.decode(answer.body, type=_ErrorBody).error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return "", _text(answer.body) or f"HTTP {answer.status} without a message"
    detail = (error.details or [_Detail()])[0]
    message = " ".join(part for part in (error.message, detail.message) if part)
    return detail.code or error.code, excerpt(message) or f"HTTP {answer.status} without a message"


def _text(body: bytes) -> str:
    return excerpt(body[:2000].decode("utf-8", "replace"), 200)
