"""Events that the host gave up on: recorded with their reason, trained exactly once, never silently gone."""

from collections.abc import Iterator

from tests.reliability.events_lives import lives
from tests.reliability.events_on_the_wire import NAMES
from tests.reliability.finding import Finding
from tests.reliability.poison_in_memory import troubles_of_life
from tests.reliability.poison_on_the_wire import faulty_configuration, messages_of_every_shape

LIVES = 600


def findings() -> Iterator[Finding]:
    """In memory by the hundreds, without any sweep; then on real sockets with a configuration that was faulty."""
    yield in_memory(LIVES)
    yield faulty_configuration(NAMES, event_grid=False)
    yield faulty_configuration(NAMES, event_grid=True)
    yield messages_of_every_shape()


def in_memory(how_many: int) -> Finding:
    """Lives of two hours in which every event is given up, and the poison door is disturbed as well."""
    return lives("events given up, without a sweep (in memory)", range(how_many), troubles_of_life)
