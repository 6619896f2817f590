"""The suite of events, in short. The container scan is gone through at full size only."""

import pytest

from tests.reliability import events_in_memory
from tests.reliability.events_in_memory import troubles_of_life
from tests.reliability.events_lives import Told
from tests.reliability.events_on_the_wire import NAMES, by_event_grid
from tests.reliability.suites.events import SEED, in_memory
from tests.support.world import World

LIVES = 20
TRIED = ("lost", "doubled", "late", "overwritten", "deleted", "for an example that was gone")


def test_whatever_becomes_of_events_each_example_is_trained_once_and_the_newest_model_is_live() -> None:
    found = in_memory(LIVES)
    assert found.good, found.troubles
    assert all(f" {what}" in found.figures for what in TRIED), found.figures


def test_without_the_sweep_the_lost_ones_are_missed_and_the_suite_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_in_memory, "sweep_examples", lambda _: None)
    assert any("has no run" in trouble for seed in range(5) for trouble in troubles_of_life(seed, Told()))


def test_an_event_that_trained_twice_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A door that forgets what it has begun."""
    monkeypatch.setattr(
        World,
        "passes",
        lambda world, time: (world.runs.documents.clear(), world.runs.lines.clear(), world.clock.advance(time)),
    )
    assert any("was trained on" in trouble for seed in range(5) for trouble in troubles_of_life(seed, Told()))


@pytest.mark.azurite
@pytest.mark.stack
@pytest.mark.timeout(300)
def test_events_as_event_grid_delivers_them() -> None:
    found = by_event_grid(NAMES[1:3], SEED)
    assert found.good, found.troubles
