"""The services' faults: each at each call, for seconds and for an hour of simulated time, all on real sockets."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from devstack.azurite import Azurite
from functions.retraining.azureml.pipeline import LARGEST_ANSWER
from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.finding import Finding
from tests.reliability.service_faults import odd, table
from tests.reliability.service_faults.junk import peak_bytes
from tests.reliability.service_faults.playing import Cell
from tests.reliability.service_faults.stage import Stage

MOST_TROUBLES = 5
MOST_BYTES = 2 * LARGEST_ANSWER
"""Below what was sent: a client that reads on to the end holds more."""


def findings() -> Iterator[Finding]:
    """The table, then what no error answer tells of, then the junk."""
    yield cells("a fault at a call, for 20 seconds", table.for_seconds(), table.play_all)
    yield cells("a fault at a call, for an hour", table.for_an_hour(), table.play_all)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        azurite = closing.enter_context(Azurite.start(folder))
        stage = closing.enter_context(Stage.open(azurite))
        yield oddities(stage, odd.ODDITIES)
        yield junk(stage)


def cells(tried: str, wanted: Sequence[Cell], play: Callable[[Sequence[Cell]], list[table.Lane]]) -> Finding:
    """Play these cells of the table."""
    began = time.monotonic()
    lanes = play(wanted)
    for lane in lanes:
        ARTEFACTS.must_not_hold(*lane.secrets)
        for name, text in lane.written.items():
            ARTEFACTS.keep(f"service faults: {name}", text)
    played, bad = sum(lane.played for lane in lanes), sum(lane.bad for lane in lanes)
    troubles = tuple(trouble for lane in lanes for trouble in lane.troubles)
    return Finding(tried, played, played - bad, _figures(lanes, time.monotonic() - began), troubles[:MOST_TROUBLES])


def oddities(stage: Stage, wanted: Sequence[odd.Oddity]) -> Finding:
    """Play these faults of jobs, updates and clocks."""
    troubles: list[str] = []
    held = 0
    ARTEFACTS.must_not_hold(*stage.secrets())
    for oddity in wanted:
        found, written = odd.play(stage, oddity)
        held += not found
        troubles.extend(found)
        for name, text in written.items():
            ARTEFACTS.keep(f"service faults: {oddity.name}: {name}", text)
    tried = "jobs that stall or vanish, expired links, updates without effect, wrong clocks"
    return Finding(tried, len(wanted), held, "", tuple(troubles[:MOST_TROUBLES]))


def junk(stage: Stage) -> Finding:
    """Ten megabytes of it against the memory of one client."""
    peak, message = peak_bytes(stage.studio)
    figures = f"a client holds {peak / 1_000_000:.1f} MB at most; its message has {message} characters"
    troubles = () if peak < MOST_BYTES else (f"ten megabytes of junk: the client held {peak} bytes",)
    return Finding("10 MB of junk, memory of the client", 1, 1 - len(troubles), figures, troubles)


def _figures(lanes: Sequence[table.Lane], seconds: float) -> str:
    asked = [times for lane in lanes for times in lane.asked]
    often = f"; asked {min(asked)} to {max(asked)} times an hour" if asked else ""
    beside = sum(lane.beside for lane in lanes)
    well = f"; {beside} with a pipeline beside, live meanwhile" if beside else ""
    longest = max(lane.longest for lane in lanes)
    minutes = longest.total_seconds() / 60
    return f"the last ended after {minutes:.0f} simulated minutes{often}{well}; {seconds:.0f} s"
