"""Events lost, doubled, late and reordered, for examples that are gone or overwritten, in every shape."""

from collections.abc import Iterator

from tests.reliability.events_in_memory import troubles_of_life
from tests.reliability.events_lives import lives
from tests.reliability.events_on_the_wire import NAMES, by_event_grid, by_polling
from tests.reliability.finding import Finding

LIVES = 600
SEED = 4


def findings() -> Iterator[Finding]:
    """In memory by the hundreds; then on real sockets, as Event Grid delivers and as the container scan finds them."""
    yield in_memory(LIVES)
    yield by_event_grid(NAMES, SEED)
    yield by_polling(NAMES)


def in_memory(how_many: int) -> Finding:
    """Lives of three hours, two pipelines, a dozen uploads and what becomes of their events."""
    return lives("events lost, doubled, late, reordered (in memory)", range(how_many), troubles_of_life)
