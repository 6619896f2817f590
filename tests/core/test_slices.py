"""Slice times in paths and parameters: .NET's date formats, partitions, Data Factory's functions over times."""

import re
import time
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.retraining.core.date_formats import format_pattern, formatted, is_date_format
from functions.retraining.core.slices import (
    DEFAULT_FORMAT,
    EDGES,
    SHIFTS,
    Partition,
    SliceTime,
    Step,
    TextFormat,
    filled,
    filter_pattern,
    holes_of,
    pattern_of,
)
from tests.support.properties import deterministic

AFTERNOON = datetime(2026, 3, 1, 15, 4, 5, 678901, tzinfo=UTC)
MIDNIGHT = datetime(2006, 11, 30, tzinfo=UTC)

TIMES = st.datetimes(datetime(1000, 1, 1), datetime(9000, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- the strategy adds UTC
SPECIFIERS = st.sampled_from(
    ["yyyy", "yyy", "yyyyy", "yy", "MM", "MMM", "MMMM", "dd", "ddd", "dddd", "HH", "hh", "mm", "ss", "tt"]
) | st.sampled_from(["f", "fffffff", "%y", "%M", "%d", "%H", "%h", "%m", "%s", "%t"])
LITERALS = st.sampled_from(["-", "_", "/", " ", ":", "T", "Z", "'at'", "'d.*d'", '"x"', "\\d", "."])
FORMATS = st.lists(SPECIFIERS | LITERALS, min_size=2, max_size=6).map("|".join)
NAMES = st.text("abcXYZ09_ ", min_size=1, max_size=6)
STEPS = st.builds(Step, st.sampled_from([*SHIFTS, *EDGES]), st.integers(-20, 20))
SLICE_TIMES = st.lists(STEPS, max_size=2).map(tuple).map(SliceTime)
PARTITIONS = st.lists(
    st.builds(Partition, NAMES, FORMATS, SLICE_TIMES), unique_by=lambda each: each.name, max_size=4
).map(tuple)
TEXTS = st.text(st.characters(blacklist_characters="{}", blacklist_categories=["Cs"]), max_size=8)


@pytest.mark.parametrize(
    ("text", "afternoon", "midnight"),
    [
        ("yyyy", "2026", "2006"),
        ("yyy", "2026", "2006"),
        ("yyyyy", "02026", "02006"),
        ("yy", "26", "06"),
        ("%y", "26", "6"),
        ("MMMM", "March", "November"),
        ("MMM", "Mar", "Nov"),
        ("MM", "03", "11"),
        ("%M", "3", "11"),
        ("dddd", "Sunday", "Thursday"),
        ("ddd", "Sun", "Thu"),
        ("dd", "01", "30"),
        ("%d", "1", "30"),
        ("HH", "15", "00"),
        ("%H", "15", "0"),
        ("hh", "03", "12"),
        ("%h", "3", "12"),
        ("mm", "04", "00"),
        ("%m", "4", "0"),
        ("ss", "05", "00"),
        ("%s", "5", "0"),
        ("fff", "678", "000"),
        ("fffffff", "6789010", "0000000"),
        ("tt", "PM", "AM"),
        ("%t", "P", "A"),
        ("yyyyMMdd-HHmmss", "20260301-150405", "20061130-000000"),
        ("yyyy/M/d", "2026/3/1", "2006/11/30"),
        ("yyyy-MM-ddTHH:mm:ssZ", "2026-03-01T15:04:05Z", "2006-11-30T00:00:00Z"),
        ("'year' yyyy", "year 2026", "year 2006"),
        ('"d"dd', "d01", "d30"),
        ("\\dd dd", "d1 01", "d30 30"),
        (DEFAULT_FORMAT, "03/01/2026 15:04:05", "11/30/2006 00:00:00"),
    ],
)
def test_a_date_format_means_what_it_means_in_dotnet(text: str, afternoon: str, midnight: str) -> None:
    assert is_date_format(text)
    assert (formatted(AFTERNOON, text), formatted(MIDNIGHT, text)) == (afternoon, midnight)


@pytest.mark.parametrize(
    "text", ["", "d", "M", "s", "yyyy zzz", "K", "gg yyyy", "FFF", "ffffffff", "'yyyy", "yyyy\\", "%"]
)
def test_what_is_not_known_is_no_date_format(text: str) -> None:
    assert not is_date_format(text)


def test_formatting_by_an_unknown_format_says_which_part() -> None:
    with pytest.raises(ValueError, match="'yyyy-zz' has parts that are not known here: zz"):
        formatted(AFTERNOON, "yyyy-zz")
    with pytest.raises(ValueError, match="not known here: K"):
        format_pattern("K")


@given(FORMATS, TIMES)
def test_every_time_matches_its_formats_pattern(text: str, time: datetime) -> None:
    assert is_date_format(text)
    assert re.fullmatch(format_pattern(text), formatted(time, text))


@given(st.text(max_size=12), TIMES)
def test_any_text_is_a_format_that_works_or_is_none(text: str, time: datetime) -> None:
    if is_date_format(text):
        assert re.fullmatch(format_pattern(text), formatted(time, text), re.DOTALL)


@given(PARTITIONS, st.data(), TIMES)
def test_a_filled_path_always_matches_the_paths_pattern(
    partitions: tuple[Partition, ...], data: st.DataObject, time: datetime
) -> None:
    hole = st.sampled_from([f"{{{each.name}}}" for each in partitions]) if partitions else st.nothing()
    path = "".join(data.draw(st.lists(TEXTS | hole, max_size=6)))
    name = filled(path, partitions, time)
    assert pattern_of(path, partitions).fullmatch(name)
    assert set(holes_of(path)) <= {each.name for each in partitions}
    if not holes_of(path):
        assert name == path


def test_a_hole_holds_a_time_in_its_format_and_nothing_else() -> None:
    partitions = (Partition("Day", "yyyy/MM/dd"), Partition("Hour", "HH"))
    pattern = pattern_of("in/{Day}/{Hour}.csv", partitions)
    assert pattern.fullmatch("in/2026/03/01/15.csv")
    for name in ("in/2026/03/01/15.csv.bak", "in/2026/03/out/15.csv", "in/a/2026/03/01/15.csv", "in/2026/03/01/15xcsv"):
        assert not pattern.fullmatch(name)


def test_a_hole_that_is_no_partitions_holds_one_folder() -> None:
    pattern = pattern_of("in/{What}/a.csv", ())
    assert pattern.fullmatch("in/x/a.csv")
    assert not pattern.fullmatch("in/x/y/a.csv")
    assert filled("in/{What}/a.csv", (), AFTERNOON) == "in/{What}/a.csv"


def test_one_hole_twice_is_filled_twice_and_what_it_becomes_is_not_filled_again() -> None:
    partitions = (Partition("a", "'{b}'yyyy"), Partition("b", "MM"))
    assert filled("{a}/{a}/{b}", partitions, AFTERNOON) == "{b}2026/{b}2026/03"


@pytest.mark.parametrize(
    ("file_filter", "passes", "fails"),
    [
        ("*", ["", "a", "a.csv"], []),
        ("*.csv", ["a.csv", ".csv"], ["a.csv.bak", "a.CSV", "acsv"]),
        ("2014-1-?.txt", ["2014-1-9.txt"], ["2014-1-10.txt", "2014-1-.txt"]),
        ("a[1]!.csv", ["a[1]!.csv"], ["a1!.csv"]),
    ],
)
def test_a_filter_has_two_wildcards_and_no_others(file_filter: str, passes: list[str], fails: list[str]) -> None:
    pattern = filter_pattern(file_filter)
    assert [name for name in (*passes, *fails) if pattern.fullmatch(name)] == passes


@pytest.mark.parametrize(
    ("step", "time"),
    [
        (Step("AddMinutes", -5), datetime(2024, 1, 31, 17, 5, 23, tzinfo=UTC)),
        (Step("AddHours", 7), datetime(2024, 2, 1, 0, 10, 23, tzinfo=UTC)),
        (Step("AddDays", -31), datetime(2023, 12, 31, 17, 10, 23, tzinfo=UTC)),
        (Step("AddWeeks", 1), datetime(2024, 2, 7, 17, 10, 23, tzinfo=UTC)),
        (Step("AddMonths", 1), datetime(2024, 2, 29, 17, 10, 23, tzinfo=UTC)),
        (Step("AddMonths", -2), datetime(2023, 11, 30, 17, 10, 23, tzinfo=UTC)),
        (Step("AddQuarters", 1), datetime(2024, 4, 30, 17, 10, 23, tzinfo=UTC)),
        (Step("AddYears", -1), datetime(2023, 1, 31, 17, 10, 23, tzinfo=UTC)),
        (Step("StartOfHour"), datetime(2024, 1, 31, 17, tzinfo=UTC)),
        (Step("StartOfDay"), datetime(2024, 1, 31, tzinfo=UTC)),
        (Step("EndOfDay"), datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)),
        (Step("EndOfMonth"), datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_function_moves_the_time(step: Step, time: datetime) -> None:
    assert SliceTime((step,)).at(datetime(2024, 1, 31, 17, 10, 23, tzinfo=UTC)) == time


@given(TIMES, st.lists(STEPS, max_size=4))
def test_times_are_moved_one_step_after_the_other(time: datetime, steps: list[Step]) -> None:
    expected = time
    for step in steps:
        expected = SliceTime((step,)).at(expected)
    assert SliceTime(tuple(steps)).at(time) == expected
    assert expected.tzinfo is UTC


@given(st.integers(1, 9999), st.integers(1, 12))
def test_every_month_ends_on_its_last_day(year: int, month: int) -> None:
    end = SliceTime((Step("EndOfMonth"),)).at(datetime(year, month, 1, tzinfo=UTC))
    assert end.day == monthrange(year, month)[1]


def test_beyond_the_calendar_there_is_no_time() -> None:
    for step in (Step("AddYears", 9000), Step("AddMonths", -99999), Step("AddDays", 9_999_999)):
        with pytest.raises(OverflowError):
            SliceTime((step,)).at(AFTERNOON)


def test_a_template_names_its_holes_and_keeps_doubled_braces() -> None:
    text = TextFormat("{{0}} {0:yyyy} {1}", (SliceTime(), SliceTime((Step("AddDays", 1),))))
    assert text.is_well_formed
    assert text.holes == ((0, "yyyy"), (1, DEFAULT_FORMAT))
    assert text.text(AFTERNOON) == "{0} 2026 03/02/2026 15:04:05"
    assert not TextFormat("{0:yyyy", ()).is_well_formed
    assert not TextFormat("a } b", ()).is_well_formed


def test_a_partition_follows_its_own_time() -> None:
    partition = Partition("Day", "yyyyMMdd", SliceTime((Step("AddDays", -1),)))
    assert partition.text(AFTERNOON) == "20260228"
    assert partition.text(AFTERNOON + timedelta(days=1)) == "20260301"


@given(st.text("ab*?.", max_size=8), st.text("ab.", max_size=8))
@deterministic(500)
def test_a_filter_means_what_a_wildcard_means_everywhere(file_filter: str, name: str) -> None:
    assert bool(filter_pattern(file_filter).fullmatch(name)) == fnmatchcase(name, file_filter)


def test_no_blobs_name_makes_a_filter_search_for_long() -> None:
    began = time.monotonic()
    assert not filter_pattern("*_" * 20 + "*.csv").fullmatch("_" * 1024)
    assert time.monotonic() - began < 1
