"""Three runs of one pipeline at a time, each with a place of its own for its model, on hosts that die at any call."""

import pytest

from tests.reliability.crashes_promises import NAME, SIDE_BY_SIDE
from tests.reliability.crashes_search import Search, every_death, every_pair, lived
from tests.reliability.crashes_stories import THREE, TOGETHER, Story

from .lives import HEALINGS

EVERY = (3, 7)
"""The single deaths are complete; of the pairs, a sample."""


@pytest.mark.search
@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("story", TOGETHER, ids=lambda story: story.name)
def test_three_runs_side_by_side_on_a_host_that_dies_at_any_call_change_nothing_but_the_time(
    story: Story, healing: str
) -> None:
    undisturbed = lived(story, healing)
    assert len(undisturbed.training[NAME].started()) == SIDE_BY_SIDE
    search = Search()
    search.through(story, healing, every_death(story, healing))
    assert (search.troubles, search.lives) == ([], search.held)


@pytest.mark.search
@pytest.mark.parametrize("healing", HEALINGS)
def test_three_runs_side_by_side_outlive_two_hosts_that_die_one_after_another(healing: str) -> None:
    search = Search()
    search.through(THREE, healing, every_pair(THREE, healing, EVERY))
    assert (search.troubles, search.lives) == ([], search.held)
