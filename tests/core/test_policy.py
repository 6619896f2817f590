"""Data Factory's activity policy as arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.retraining.core.definitions import ActivityPolicy, ExternalData
from functions.retraining.core.policy import (
    FIRST_BACKOFF,
    LEASE,
    LONGEST_BACKOFF,
    Policies,
    backoff,
    may_retry,
    overran,
    patience,
    wait_before_retry,
)
from tests.support.properties import deterministic
from tests.support.world import pipeline

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("timeout", "took", "expected"),
    [
        (None, timedelta(days=999), False),
        (HOUR, timedelta(0), False),
        (HOUR, HOUR - timedelta(seconds=1), False),
        (HOUR, HOUR, True),
        (HOUR, timedelta(days=2), True),
    ],
)
def test_an_execution_overruns_at_its_timeout_and_never_without_one(
    timeout: timedelta | None, took: timedelta, *, expected: bool
) -> None:
    assert overran(ActivityPolicy(timeout=timeout), START, START + took) is expected


def test_an_execution_that_has_not_begun_cannot_overrun() -> None:
    assert not overran(ActivityPolicy(timeout=HOUR), None, START)


@pytest.mark.parametrize(("retry", "executions"), [(0, 1), (1, 2), (10, 11)])
def test_retry_n_allows_one_and_n_executions(retry: int, executions: int) -> None:
    allowed = 1 + sum(may_retry(ActivityPolicy(retry=retry), each) for each in range(1, 50))
    assert allowed == executions


@pytest.mark.parametrize(("retry", "rounds", "executions"), [(0, 1, 1), (0, 3, 3), (2, 2, 6), (1, 0, 2), (10, 10, 110)])
def test_long_retry_allows_that_many_rounds_of_one_and_retry_executions(
    retry: int, rounds: int, executions: int
) -> None:
    policy = ActivityPolicy(retry=retry, long_retry=rounds)
    assert 1 + sum(may_retry(policy, each) for each in range(1, 200)) == executions


def test_the_long_wait_is_between_rounds_and_the_short_one_within() -> None:
    policy = ActivityPolicy(retry=1, retry_interval=timedelta(seconds=30), long_retry=3, long_retry_interval=HOUR)
    waits = [wait_before_retry(policy, executions) for executions in range(1, 6)]
    assert waits == [timedelta(seconds=30), HOUR] * 2 + [timedelta(seconds=30)]


def test_patience_is_the_delay_and_every_look() -> None:
    assert patience(ExternalData()) == timedelta(minutes=40)
    assert patience(ExternalData(data_delay=HOUR, retry_timeout=HOUR, maximum_retry=0)) == 2 * HOUR


@given(st.integers(1, 10_000), st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
@deterministic(200)
def test_the_wait_after_failures_grows_is_capped_and_honours_the_services_wish(
    failures: int, wish: timedelta | None
) -> None:
    wait = backoff(failures, wish)
    assert FIRST_BACKOFF <= wait <= LONGEST_BACKOFF
    assert backoff(failures + 1, wish) >= wait
    assert wait >= min(wish or timedelta(0), LONGEST_BACKOFF)


def test_the_first_waits_double() -> None:
    assert [backoff(n, None).total_seconds() for n in range(1, 9)] == [15, 30, 60, 120, 240, 480, 900, 900]


def test_policies_are_the_two_activities() -> None:
    training, update = ActivityPolicy(retry=1), ActivityPolicy(retry=2)
    assert Policies.of(pipeline("p", training, update)) == Policies(training, {"update": update}, lease=LEASE)
