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
"""The service, or something before it, failed at some moment of the call. So did it at a 5xx that is no standard's."""

LONGEST_WAIT = timedelta(days=1)
"""No wish to wait is followed further than this: a date in the year 9999 must not end a run's checks."""


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
    """The answer if it is any 2xx of the service's own. Raises the ServiceError that its status and body mean.

    None of these services answers with a page: a 2xx that is one comes from a proxy or a sign-in wall before it, and
    says nothing about the call.
    """
    if answer.succeeded and answer.body and "html" in answer.header("content-type").lower():
        raise unreadable(what, answer, "an answer of the service's own", "it is an HTML page")
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


def decoded[T](what: str, answer: Answer, kind: type[T], expected: str) -> T:
    """The body of a 2xx. Raises OutcomeUnknown, naming what was `expected`, if it is not of this kind."""
    try:
        return _json(answer.body, kind)
    except ValueError as error:
        raise unreadable(what, answer, expected, str(error)) from error


def unreadable(what: str, answer: Answer, expected: str, why: str) -> OutcomeUnknown:
    """The error for a 2xx whose body is not what the contract says: carried out, perhaps, but not understood.

    A page is quoted. JSON is not: what we did not understand of a status or an endpoint may be its signature or key.
    """
    is_json = answer.body.lstrip()[:1] in {b"{", b"[", b'"'}
    shown = why if is_json else _text(answer.body) or "an empty body"
    message = f"the service answered with something else than {expected}: {excerpt(shown)}"
    return OutcomeUnknown(what, message, status=answer.status, request_id=answer.header("x-ms-request-id"))


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """The wait that the service wishes: seconds or an HTTP date (RFC 9110 section 10.2.3); at most LONGEST_WAIT.

    A date is of the service's clock, so it is measured from the answer's own Date; from the host's `now` without one.
    """
    wish = answer.header("retry-after").strip()
    if wish.isascii() and wish.isdecimal():
        return min(timedelta(seconds=int(wish[:9])), LONGEST_WAIT)
    until = _date(wish)
    wait = until - (_date(answer.header("date")) or now) if until else None
    return wait and min(max(wait, timedelta(0)), LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    """An HTTP date with its zone; None for anything else."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else None


def _kind(status: int) -> type[ServiceError]:
    if status in NOT_CARRIED_OUT:
        return TransientError
    if status in PERHAPS_CARRIED_OUT or status > HTTPStatus.HTTP_VERSION_NOT_SUPPORTED:
        return OutcomeUnknown
    return NotFound if status == HTTPStatus.NOT_FOUND else PermanentError


def _words(answer: Answer) -> tuple[str, str]:
    """Code and message: the class's message and the first detail's, as Data Factory joins them."""
    try:
        error = _json(answer.body, _ErrorBody).error
    except ValueError:
        return "", _text(answer.body) or f"HTTP {answer.status} without a message"
    detail = (error.details or [_Detail()])[0]
    message = " ".join(part for part in (error.message, detail.message) if part)
    return detail.code or error.code, excerpt(message) or f"HTTP {answer.status} without a message"


def _json[T](body: bytes, kind: type[T]) -> T:
    """Raises ValueError for whatever is not JSON of this kind; nesting without end is such a thing too."""
    try:
        return msgspec.json.decode(body, type=kind)
    except RecursionError as error:
        message = "JSON that is nested too deeply"
        raise ValueError(message) from error


def _text(body: bytes) -> str:
    return excerpt(body[:2000].decode("utf-8", "replace"), 200)
