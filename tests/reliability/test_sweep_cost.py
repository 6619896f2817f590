"""The short form of suite `sweep_cost`: the same parts with less."""

import pytest

from tests.reliability.finding import Finding
from tests.reliability.load.slow_world import all_unannounced_at_once
from tests.reliability.load.sweeps import quiet_sweep, sweep_over

LOADED_MACHINE = 600
"""Seconds."""


def _holds(finding: Finding) -> None:
    assert finding.good, finding.troubles


@pytest.mark.stack
@pytest.mark.azurite
@pytest.mark.timeout(LOADED_MACHINE)
def test_a_sweep_lists_a_watched_place_once_however_many_pipelines_watch_it_and_finds_the_unannounced() -> None:
    _holds(sweep_over(known=60, unannounced=5, pipelines=5))


@pytest.mark.stack
@pytest.mark.timeout(LOADED_MACHINE)
def test_a_sweep_over_several_pages_lists_each_once() -> None:
    _holds(quiet_sweep(6_000))


def test_no_sweep_outlives_its_budget_and_the_next_ones_find_the_rest() -> None:
    _holds(all_unannounced_at_once(pipelines=5, examples=200))
