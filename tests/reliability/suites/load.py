"""Load: bursts of uploads, very many open runs in one tick's view, and services too slow for one tick.

The app runs in a process of its own against Azurite and the local studio, whose jobs end at once: what is measured is
the app, not the training. Uploads are announced through the app's facade, four at a time as the host does it.
"""

from collections.abc import Iterator

from tests.reliability.finding import Finding
from tests.reliability.load.bursts import Burst, burst
from tests.reliability.load.open_runs import busy_tick, idle_ticks
from tests.reliability.load.slow_world import starved_by_slow_services

OLDEST_FIRST = {"executionPriorityOrder": "OldestFirst"}
NEWEST_FIRST = {"executionPriorityOrder": "NewestFirst"}

UPLOADS = 1_000
OPEN_RUNS = 10_000
PIPELINES = 200


def findings() -> Iterator[Finding]:
    """Every part at full size."""
    yield burst(Burst(UPLOADS, PIPELINES, _title(f"{PIPELINES} pipelines; OldestFirst"), OLDEST_FIRST))
    newest = _title("10 pipelines; NewestFirst with supersedeOlderExamples")
    yield burst(Burst(UPLOADS, 10, newest, NEWEST_FIRST, supersedes=True))
    yield burst(one_pipeline(UPLOADS))
    yield idle_ticks((100, 1_000, OPEN_RUNS), PIPELINES)
    yield busy_tick(OPEN_RUNS, PIPELINES)
    yield starved_by_slow_services(PIPELINES, OPEN_RUNS)


def one_pipeline(uploads: int) -> Burst:
    """All uploads for one pipeline, which trains on one example after the other until an operator has enough of it."""
    title = _title("one pipeline; OldestFirst for ten ticks, then NewestFirst", uploads)
    return Burst(uploads, 1, title, OLDEST_FIRST, then=NEWEST_FIRST, ticks_before=10)


def _title(over: str, uploads: int = UPLOADS) -> str:
    return f"{uploads:,} uploads at once over {over}"
