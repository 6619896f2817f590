"""The suite `crashes`, with less: a few of the deaths, and what it says when a promise is broken."""

from collections.abc import Callable
from functools import partial

import pytest

from functions.retraining.core.run import RunStatus
from tests.reliability.crashes_promises import troubles_of_several
from tests.reliability.crashes_search import every_pair, lived, many_deaths
from tests.reliability.crashes_stories import ADOPTED, ALONE, FOLLOWED, ONE_UPDATE, THREE, TOGETHER, Story
from tests.reliability.suites.crashes import finding
from tests.support.world import World
from tests.workflows.lives import HEALINGS

ANY = next(iter(HEALINGS))

type Breach = Callable[[World], None]


@pytest.mark.parametrize("story", [*ALONE, *TOGETHER], ids=lambda story: story.name)
def test_hosts_that_die_again_and_again_change_nothing_but_the_time(story: Story) -> None:
    found = finding(story, "a tenth of all calls", partial(many_deaths, lives=5))
    assert found.good, found.troubles
    assert found.times == 5 * len(HEALINGS)


@pytest.mark.parametrize("story", [FOLLOWED, ADOPTED], ids=lambda story: story.name)
def test_two_deaths_at_a_sample_of_the_pairs_change_nothing_but_the_time(story: Story) -> None:
    found = finding(story, "a sample of the pairs", partial(every_pair, every=(5, 5)))
    assert found.good, found.troubles


def test_an_update_of_three_minutes_is_followed_across_ticks() -> None:
    world = lived(FOLLOWED, ANY)
    assert world.steps.count("scoring.send") == 1
    assert world.steps.count("scoring.follow") > 1


def _started_twice(world: World) -> None:
    training = world.training["retraining"]
    job = next(iter(training.jobs.values()))
    training.jobs["again"] = job


def _an_older_model_live_last(world: World) -> None:
    world.scoring["retraining"].live.reverse()


def _a_slot_still_held(world: World) -> None:
    held = next(kept for name, kept in world.runs.documents.items() if name.startswith("pipelines/"))
    run = world.ended_runs()[0].id
    holder = f'"active": [{{"run": "{run}", "since": "2026-11-22T08:00:00Z"}}]'.encode()
    changed = held.content.replace(b'"active": []', holder)
    assert changed != held.content
    world.runs.documents["pipelines/retraining"] = type(held)(changed, held.etag)


def _a_run_that_failed(world: World) -> None:
    name, kept = next(each for each in world.runs.documents.items() if each[0].startswith("runs/"))
    failed = kept.content.replace(RunStatus.SUCCEEDED.encode(), RunStatus.FAILED.encode())
    world.runs.documents[name] = type(kept)(failed, kept.etag)


@pytest.mark.parametrize("breach", [_started_twice, _a_slot_still_held, _a_run_that_failed])
def test_a_breach_of_a_promise_is_told(breach: Breach) -> None:
    world = lived(ONE_UPDATE, ANY)
    assert list(ONE_UPDATE.troubles(world)) == []
    breach(world)
    assert len(list(ONE_UPDATE.troubles(world))) == 1


@pytest.mark.parametrize("breach", [_started_twice, _an_older_model_live_last, _a_slot_still_held, _a_run_that_failed])
def test_a_breach_among_several_runs_is_told(breach: Breach) -> None:
    world = lived(THREE, ANY)
    assert list(troubles_of_several(world)) == []
    breach(world)
    assert list(troubles_of_several(world)) != []


def test_a_life_that_is_cut_short_is_told() -> None:
    assert list(ONE_UPDATE.troubles(ONE_UPDATE.begin())) == ["ended as []"]
