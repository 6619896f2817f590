"""Path patterns and schedules: arithmetic, without a host."""

from datetime import UTC, datetime

import pytest

from devstack.trigger_host.blob_path import parse_blob_path
from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.http_route import parse_route
from devstack.trigger_host.timer_schedule import parse_schedule

# A Sunday.
NOW = datetime(2026, 11, 22, 12, 0, 30, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "name", "fires"),
    [
        ("c/{name}", "a", True),
        ("c/{name}", "a/b/c d.csv", True),
        ("c/{name}", "line\nbreak", True),
        ("c/{name}.csv", "a.csv", True),
        ("c/{name}.csv", "x/y.csv", True),
        ("c/{name}.csv", ".csv", True),
        ("c/{name}.csv", "a.CSV", False),
        ("c/{name}.csv", "a.csv.bak", False),
        ("c/{name}.csv", "axcsv", False),
        ("c/in/{folder}/{name}", "in/a/b", True),
        ("c/in/{folder}/{name}", "in/a", False),
        ("c/in/{name}", "out/in/a", False),
        ("c/{{{name}}}", "{a}", True),
        ("c/{{{name}}}", "a", False),
        ("c", "anything/at all", True),
        ("c/", "anything/at all", True),
        ("c/exact.csv", "exact.csv", True),
        ("c/exact.csv", "not exact.csv", False),
    ],
)
def test_a_pattern_matches_as_the_real_host_matches_it(path: str, name: str, *, fires: bool) -> None:
    assert parse_blob_path(path, "here").matches(name) is fires


def test_the_container_is_the_part_before_the_first_slash_in_lower_case() -> None:
    assert parse_blob_path("Examples/in/{name}", "here").container == "examples"


@pytest.mark.parametrize("path", ["", "/a", "{c}/a", "c/{", "c/a}", "c/{a}{a}", "c/{a b}", "c/{DateTime:yyyy}"])
def test_a_path_that_cannot_be_is_refused(path: str) -> None:
    with pytest.raises(TriggerHostError, match=r"^here: "):
        parse_blob_path(path, "here")


@pytest.mark.parametrize(
    ("schedule", "following"),
    [
        ("* * * * * *", "2026-11-22T12:00:31"),
        ("0 * * * * *", "2026-11-22T12:01:00"),
        ("* * * * *", "2026-11-22T12:01:00"),
        ("15,45 */2 * * * *", "2026-11-22T12:00:45"),
        ("0 30 9 * * Mon-Fri", "2026-11-23T09:30:00"),
        ("0 30 9 * * 1-5", "2026-11-23T09:30:00"),
        ("0 0 0 1 Jan *", "2027-01-01T00:00:00"),
        # Both day and day of week, where Unix cron would take either: the next 1st that is a Monday.
        ("0 0 0 1 * Monday", "2027-02-01T00:00:00"),
    ],
)
def test_the_next_occurrence_of_a_schedule_is_reckoned_in_utc(schedule: str, following: str) -> None:
    expected = datetime.fromisoformat(following).replace(tzinfo=UTC)
    assert parse_schedule(schedule, NOW, "here").next_after(NOW) == expected


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "* * * *",
        "* * * * * * 2027",
        "@daily",
        "60 * * * * *",
        "0 0 0 L * *",
        "0 0 0 * * 1#2",
        "0 0 0 30 2 *",
        "x y",
    ],
)
def test_a_schedule_that_is_not_ncrontab_is_refused(schedule: str) -> None:
    with pytest.raises(TriggerHostError, match=r"^here: the schedule .* is not NCRONTAB"):
        parse_schedule(schedule, NOW, "here")


@pytest.mark.parametrize(
    ("schedule", "often"),
    [("* * * * * *", True), ("*/30 0 9 * * *", True), ("0 * * * * *", False), ("59 */5 * * * *", False)],
)
def test_a_schedule_that_fires_twice_in_a_minute_is_known(schedule: str, *, often: bool) -> None:
    assert parse_schedule(schedule, NOW, "here").fires_within_a_minute(NOW) is often


@pytest.mark.parametrize("route", ["runs/{id:int}", "runs/{id?}", "run-{id}", "{*rest}/more"])
def test_a_route_that_is_not_supported_is_refused(route: str) -> None:
    with pytest.raises(TriggerHostError, match=r"^here: "):
        parse_route(route, "here")
