"""What an answer that is no yes means, in whose words, and how long the service wishes to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.retraining.azureml.answers import Answer, error_of, expect_success, retry_after
from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, ServiceError, TransientError

from .made_up import leaks
from .recorded import recorded

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
REQUEST_ID = "7c3bb9d4-0a5e-4c0e-8d8e-6a3c1b2f9e11"


def error(sample: str) -> ServiceError:
    return error_of("submit a job", recorded(f"errors/{sample}"))


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_yes(status: int) -> None:
    answer = Answer(status, {}, b"")
    assert expect_success("submit", answer) is answer


@pytest.mark.parametrize(
    ("sample", "kind", "code"),
    [
        ("invalid-extension", PermanentError, "InvalidBlobExtension"),
        ("cannot-start", PermanentError, "CannotStartJob"),
        ("unauthorized", PermanentError, "ScoreRequestUnauthorized"),
        ("management-without-details", PermanentError, "Forbidden"),
        ("service-not-found", NotFound, "WebServiceNotFound"),
        ("throttled", TransientError, "RequestThrottled"),
        ("throttled-until-date", TransientError, "TooManyConcurrentRequests"),
        ("internal", OutcomeUnknown, "InternalError"),
        ("html-bad-gateway", OutcomeUnknown, ""),
        ("empty-gateway-timeout", OutcomeUnknown, ""),
        ("truncated", OutcomeUnknown, ""),
        ("null-details", PermanentError, "BadArgument"),
        ("moved", PermanentError, ""),
    ],
)
def test_an_error_has_the_kind_of_its_status_and_the_most_specific_code(
    sample: str, kind: type[ServiceError], code: str
) -> None:
    found = error(sample)
    assert type(found) is kind
    assert (found.call, found.status, found.code) == ("submit a job", recorded(f"errors/{sample}").status, code)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (304, PermanentError),
        (400, PermanentError),
        (404, NotFound),
        (408, OutcomeUnknown),
        (409, PermanentError),
        (413, PermanentError),
        (429, TransientError),
        (500, OutcomeUnknown),
        (501, PermanentError),
        (502, OutcomeUnknown),
        (503, TransientError),
        (504, OutcomeUnknown),
        (520, OutcomeUnknown),
        (599, OutcomeUnknown),
    ],
)
def test_each_status_has_its_kind_of_error(status: int, kind: type[ServiceError]) -> None:
    assert type(error_of("get job", Answer(status, {}, b""))) is kind


def test_the_message_is_joined_as_data_factory_joined_it() -> None:
    found = error("invalid-extension")
    assert found.message == (
        "Invalid argument provided. The blob reference: labeledexamples/examples has an invalid or missing file "
        'extension. Supported file extensions for this output type are: ".csv, .tsv, .arff".'
    )
    assert str(found) == f"submit a job: {found.message} (HTTP 400, InvalidBlobExtension, request {REQUEST_ID})"


def test_a_page_in_place_of_an_error_is_quoted() -> None:
    assert "Web server received an invalid response" in error("html-bad-gateway").message


def test_an_empty_error_says_so() -> None:
    assert str(error("empty-gateway-timeout")) == "submit a job: HTTP 504 without a message (HTTP 504)"


def test_an_error_cut_short_is_quoted() -> None:
    assert "The service encoun" in error("truncated").message


def test_what_the_service_quotes_of_our_keys_is_not_repeated() -> None:
    found = error("connection-string-quoted")
    assert "InvalidBlobConnectionString" in str(found)
    assert "AccountKey=***" in found.message
    assert not leaks(str(found))


def test_ten_megabytes_of_junk_become_a_short_message() -> None:
    found = error_of("get job", Answer(500, {}, b"\xff\x00junk " * 1_500_000))
    assert len(str(found)) < 400


def test_the_services_wish_to_wait_comes_with_the_error() -> None:
    found = error("throttled")
    assert isinstance(found, TransientError)
    assert found.retry_after == timedelta(seconds=17)


@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        ("17", timedelta(seconds=17)),
        (" 0 ", timedelta(0)),
        ("Sun, 22 Nov 2026 08:02:00 GMT", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("99999999999999", timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        ("9" * 5000, timedelta(days=1)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Sun, 22 Nov 99999999999999999999 08:02:00 GMT", None),
        ("Sun, 22 Nov 2026 08:02:00 -0000", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(wish: str, wait: timedelta | None) -> None:
    assert retry_after(Answer(503, {"RETRY-AFTER": wish}, b""), NOW) == wait


@pytest.mark.parametrize(
    ("date", "until", "wait"),
    [
        ("Sun, 22 Nov 2026 05:00:00 GMT", "Sun, 22 Nov 2026 05:02:00 GMT", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", "Sun, 22 Nov 2026 11:02:00 GMT", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", "Sun, 22 Nov 2026 08:02:00 GMT", timedelta(0)),
        ("yesterday", "Sun, 22 Nov 2026 08:02:00 GMT", timedelta(minutes=2)),
        ("", "Sun, 22 Nov 2026 08:02:00 GMT", timedelta(minutes=2)),
    ],
)
def test_a_date_is_measured_by_the_services_own_clock(date: str, until: str, wait: timedelta) -> None:
    """The service's clock and the host's may be hours apart; without a Date the host's has to do."""
    assert retry_after(Answer(503, {"Retry-After": until, "Date": date}, b""), NOW) == wait


def test_without_the_header_there_is_no_wish() -> None:
    assert retry_after(Answer(503, {}, b""), NOW) is None
