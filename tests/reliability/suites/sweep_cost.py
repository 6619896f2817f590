"""What one sweep costs: over 100,000 blobs, over a container that 200 pipelines watch, and with much to find.

The app sweeps in a process of its own, on real HTTP. The 100,000 are served by a stand-in that answers Lists at once,
because Azurite takes longer for them than the app; the rest is Azurite, its database filled while it was stopped.
"""

from collections.abc import Iterator

from tests.reliability.finding import Finding
from tests.reliability.load.slow_world import all_unannounced_at_once
from tests.reliability.load.sweeps import quiet_sweep, sweep_over


def findings() -> Iterator[Finding]:
    """Every part at full size."""
    yield quiet_sweep(100_000)
    yield sweep_over(20_000, 5, pipelines=1)
    yield sweep_over(10_000, 200, pipelines=200)
    yield all_unannounced_at_once(pipelines=10, examples=1_000)
