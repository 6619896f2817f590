"""The suite of events that the host gave up on, in short."""

import pytest

from tests.reliability import poison_in_memory
from tests.reliability.events_lives import Told
from tests.reliability.events_on_the_wire import NAMES
from tests.reliability.poison_in_memory import troubles_of_life
from tests.reliability.poison_on_the_wire import faulty_configuration
from tests.reliability.suites.poison import in_memory

LIVES = 20
TRIED = ("a faulty configuration", "calls that fail", "hosts that die", "of them tried again")


def test_whatever_the_host_gave_up_on_is_trained_once_though_nothing_sweeps() -> None:
    found = in_memory(LIVES)
    assert found.good, found.troubles
    assert all(what in found.figures for what in TRIED), found.figures


def test_without_the_poison_door_uploads_are_lost_and_the_suite_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poison_in_memory, "record_poison", lambda *_: None)
    assert any("has no run" in trouble for seed in range(3) for trouble in troubles_of_life(seed, Told()))


@pytest.mark.azurite
@pytest.mark.stack
@pytest.mark.timeout(300)
def test_uploads_under_a_faulty_configuration_are_trained_once_when_it_is_put_right() -> None:
    found = faulty_configuration(NAMES[1:3], event_grid=False)
    assert found.good, found.troubles
