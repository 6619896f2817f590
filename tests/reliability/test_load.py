"""The short form of suite `load`: the same parts with less. Figures are for `make reliability`; here it must hold."""

import pytest

from tests.reliability.finding import Finding
from tests.reliability.load.bursts import Burst, burst
from tests.reliability.load.open_runs import busy_tick, idle_ticks
from tests.reliability.load.slow_world import starved_by_slow_services
from tests.reliability.suites.load import NEWEST_FIRST, OLDEST_FIRST, one_pipeline

LOADED_MACHINE = 600
"""Seconds."""


def _holds(finding: Finding) -> None:
    assert finding.good, finding.troubles


@pytest.mark.stack
@pytest.mark.azurite
@pytest.mark.timeout(LOADED_MACHINE)
@pytest.mark.parametrize(
    "wanted",
    [
        Burst(12, 4, "all are trained on", OLDEST_FIRST),
        Burst(16, 2, "the newest supersede the others", NEWEST_FIRST, supersedes=True),
        one_pipeline(14),
    ],
    ids=lambda wanted: wanted.title,
)
def test_a_burst_of_uploads_is_recorded_trained_on_once_and_leaves_the_newest_live(wanted: Burst) -> None:
    _holds(burst(wanted))


@pytest.mark.stack
@pytest.mark.azurite
@pytest.mark.timeout(LOADED_MACHINE)
def test_ticks_over_open_runs_that_are_not_due_cost_their_lists_and_nothing_else() -> None:
    _holds(idle_ticks((10, 60), pipelines=3))


@pytest.mark.stack
@pytest.mark.azurite
@pytest.mark.timeout(LOADED_MACHINE)
def test_a_tick_asks_for_each_running_job_once_and_for_the_runs_in_line_not_at_all() -> None:
    _holds(busy_tick(60, pipelines=3))


def test_no_tick_outlives_its_budget_and_each_pipeline_has_its_turn_however_slow_the_services() -> None:
    _holds(starved_by_slow_services(pipelines=60, runs=600))
