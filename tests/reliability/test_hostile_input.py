"""Hostile input, the short form; and the searches do find what they are there for."""

import json
import time

import pytest
from hypothesis import strategies as st

from functions.retraining.adf import load
from functions.retraining.core.errors import Unreadable
from tests.adf.factories import documents
from tests.reliability.finding import Finding
from tests.reliability.hostile_input import fuzzing, state
from tests.reliability.hostile_input.fuzzing import for_runs, fuzzed
from tests.reliability.hostile_input.names import hostile_names
from tests.reliability.hostile_input.searching import search
from tests.reliability.hostile_input.tricks import one_trick_each
from tests.reliability.suites.hostile_input import searches


def test_whatever_comes_in_is_refused_in_words_or_means_what_it_says() -> None:
    found: list[Finding] = list(searches(60))
    assert [finding.troubles for finding in found] == [()] * len(found)
    assert all(finding.good for finding in found)


def test_a_definition_that_leads_elsewhere_is_a_fault_and_one_that_does_not_is_none() -> None:
    assert one_trick_each().troubles == ()


@pytest.mark.azurite
def test_no_blobs_name_makes_the_app_write_or_read_anywhere_else() -> None:
    assert hostile_names().troubles == ()


def test_bytes_chosen_by_coverage_find_nothing_either() -> None:
    assert fuzzed("answers", for_runs(2000)).troubles == ()


def test_where_atheris_is_not_installed_the_finding_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "find_spec", lambda _name: None)
    assert "NOT RUN: atheris is only there for Linux" in fuzzed("answers", for_runs(1)).figures


def test_a_search_tells_the_smallest_input_that_breaks_the_promise() -> None:
    def check(number: int) -> None:
        assert number < 100

    found = search("numbers", st.integers(0, 10_000), check, 200)
    assert not found.good
    assert "100" in found.troubles[0]


@pytest.mark.parametrize("written", ['"1"', "1.0", "true", "[1]"])
def test_a_document_that_was_read_as_something_else_would_be_found(written: str) -> None:
    with pytest.raises(AssertionError, match="was read as"):
        state.says_the_same({"attempt": json.loads(written)}, {"attempt": 1})


def test_a_damaged_document_is_refused_by_the_name_it_has() -> None:
    with pytest.raises(Unreadable, match=state.WHERE):
        state.DECODERS["run"](b"{", state.WHERE)


def test_a_property_written_twice_among_very_many_is_told_without_comparing_each_with_each() -> None:
    many = ",".join(f'"k{number}":0' for number in range(100_000))
    began = time.monotonic()
    faults = load({**documents(), "dataset/x.json": f'{{{many},"k0":1}}'}, {}).faults
    assert "dataset/x.json $.k0: is written twice in the same object; keep one" in map(str, faults)
    assert time.monotonic() - began < 30
