"""The log queries: valid for Microsoft's parser, and nothing in them that no log line has."""

import re

import pytest

from tests.infra.kql.queries import ROOT, analyse, analysed, queries
from tests.support.event_schema import EVENTS, facts_of

LOOKS_LIKE_AN_EVENT = re.compile(r"[a-z]+(_[a-z]+)+")
NO_EVENTS = {"run_", "poll_runs"}
"""Texts that look like an event's name: a prefix that is cut off, and the timer function's name."""


@pytest.fixture(params=list(queries()))
def query(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def events_in(query: str) -> set[str]:
    return {text for text in analysed()[query].texts if LOOKS_LIKE_AN_EVENT.fullmatch(text)} - NO_EVENTS


def test_the_parser_finds_nothing_wrong(query: str) -> None:
    assert analysed()[query].troubles == []


def test_the_parser_finds_what_is_wrong() -> None:
    wrong = {
        "Mesage": "AppTraces | where Mesage has 'x'",
        "AppTrace": "AppTrace | count",
        "Expected: )": "AppTraces | where (1 == 2",
        "Query operator expected": "AppTraces | summarise count()",
        "is_nice": "AppTraces | where is_nice(Message)",
    }
    for found, analysis in analyse(wrong).items():
        assert found in analysis.troubles[0]


def test_the_queries_in_the_documents_are_good_ones_too() -> None:
    blocks = re.compile(r"^```kusto\n(.*?)^```", re.MULTILINE | re.DOTALL)
    shown = {
        f"{path.name} {number}": text
        for path in sorted((ROOT / "docs").glob("*.md"))
        for number, text in enumerate(blocks.findall(path.read_text("utf-8")))
    }
    assert len(shown) >= 2
    assert {name: analysis.troubles for name, analysis in analyse(shown).items()} == {name: [] for name in shown}


def test_every_event_named_is_one_of_the_schema(query: str) -> None:
    assert events_in(query) <= set(EVENTS)


def test_every_fact_read_is_one_of_an_event_that_the_query_names(query: str) -> None:
    named = events_in(query)
    known = {fact for event in named for fact in facts_of(event)}
    assert analysed()[query].facts - known == set()


def test_a_query_that_reads_log_lines_names_their_events(query: str) -> None:
    assert bool(analysed()[query].facts) == bool(events_in(query))


def test_only_the_lines_of_this_app_are_looked_at(query: str) -> None:
    text = queries()[query]
    tables = len(re.findall(r"^\s*(AppTraces|AppExceptions)$", text, re.MULTILINE))
    assert tables
    assert text.count("| where _ResourceId =~ '<applicationInsightsId>'") == tables


def test_every_fact_of_the_schema_is_read_by_some_query_or_speaks_to_people_only() -> None:
    read = {fact for analysis in analysed().values() for fact in analysis.facts}
    for_people = {"attempt", "traceback", "message", "function", "due", "ended", "status"}
    known = {fact for event in EVENTS for fact in facts_of(event)}
    assert known - read == for_people
