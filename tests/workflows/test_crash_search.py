"""A host that dies at any call of a run, and at any call of what follows."""

import pytest

from tests.reliability.crashes_search import DeathsOf, Search, every_death, every_pair
from tests.reliability.crashes_stories import ALONE, ONE_UPDATE, TWO_UPDATES, Story

from .lives import HEALINGS

pytestmark = pytest.mark.search


@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("story", ALONE, ids=lambda story: story.name)
def test_a_host_that_dies_at_any_one_call_changes_nothing_but_the_time(story: Story, healing: str) -> None:
    _assert_all_is_well(story, healing, every_death)


@pytest.mark.parametrize("healing", HEALINGS)
@pytest.mark.parametrize("story", [ONE_UPDATE, TWO_UPDATES], ids=lambda story: story.name)
def test_two_hosts_that_die_one_after_another_at_any_pair_of_calls_change_nothing_but_the_time(
    story: Story, healing: str
) -> None:
    """`make reliability` does the same for every kind of run."""
    _assert_all_is_well(story, healing, every_pair)


def _assert_all_is_well(story: Story, healing: str, deaths_of: DeathsOf) -> None:
    search = Search()
    search.through(story, healing, deaths_of(story, healing))
    assert search.troubles == []
    assert search.held == search.lives > 0
