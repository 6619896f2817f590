"""Two hosts at once on one state: no double start, no older model over a newer one, every conflict resolved."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from devstack.azurite import Azurite
from devstack.studio import Studio
from tests.e2e.house import House
from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.finding import Finding
from tests.reliability.two_hosts import hanging, processes, promises, rounds, stories
from tests.reliability.two_hosts.pair import paired

STORIES = 600
PAIRS = 3
ROUNDS = 10
HANGING_SECONDS = 8.0
EXAMPLES_FOR_PROCESSES = 6
MOST_TROUBLES = 5
NO_CONFLICT = "no host ever came second: nothing was proved"


def findings() -> Iterator[Finding]:
    """In memory, then on real storage: threads, a call that hangs, processes."""
    yield interleaved(STORIES)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        azurite = closing.enter_context(Azurite.start(folder / "azurite"))
        studio = closing.enter_context(Studio.start(folder / "studio"))
        yield at_once(azurite, studio, PAIRS, ROUNDS)
        yield hung(azurite, studio, HANGING_SECONDS)
        yield in_processes(azurite, studio, EXAMPLES_FOR_PROCESSES)


def interleaved(seeds: int) -> Finding:
    """Every call of two hosts interleaved by chance, in the in-memory world; hosts pause past their leases."""
    conflicts: Counter[str] = Counter()
    bad: list[str] = []
    held = runs = 0
    for seed in range(seeds):
        story = stories.told(seed)
        conflicts.update(story.conflicts)
        runs += len(story.world.ended_runs())
        troubles = list(stories.troubles(story))
        held += not troubles
        bad.extend(f"seed {seed}: {trouble}" for trouble in troubles)
    figures = f"{runs} runs; {_told(conflicts)}"
    return _finding("calls of two hosts interleaved, in memory", seeds, held, figures, bad, conflicts.total())


def at_once(azurite: Azurite, studio: Studio, pairs: int, number_of_rounds: int) -> Finding:
    """Both hosts' events and two ticks of each in the same moment, clocks apart, on Azurite."""
    conflicts: Counter[str] = Counter()
    bad: list[str] = []
    held = ticks = 0
    for seed in range(pairs):
        with paired(azurite, studio) as pair:
            ticks += rounds.go_through(pair, number_of_rounds, seed)
            troubles = [*map(repr, pair.errors), *promises.troubles(pair.house, number_of_rounds)]
            conflicts.update(pair.conflicts)
            held += not troubles
            bad.extend(f"seed {seed}: {trouble}" for trouble in troubles)
            _keep(pair.house, f"two hosts at once, seed {seed}")
    figures = f"{pairs * number_of_rounds} examples, {ticks} ticks; {_told(conflicts)}"
    return _finding("events and ticks at once, clocks 6 minutes apart", pairs, held, figures, bad, conflicts.total())


def hung(azurite: Azurite, studio: Studio, seconds: float) -> Finding:
    """An update call that hangs while another host ends a newer run."""
    with paired(azurite, studio) as pair:
        bad = [*hanging.hang(pair, seconds), *promises.troubles(pair.house, 2)]
        conflicts = pair.conflicts
        _keep(pair.house, "two hosts, a call hangs")
    tried = "an update call hangs until its timeout while a newer run finishes"
    return _finding(tried, 1, int(not bad), _told(conflicts), bad, conflicts.total())


def in_processes(azurite: Azurite, studio: Studio, examples: int) -> Finding:
    """Two trigger hosts as processes, a tick each second, every event to both."""
    with paired(azurite, studio) as pair, processes.running(pair.house) as hosts:
        processes.upload_and_wait(pair.house, examples)
        bad = list(promises.troubles(pair.house, examples))
        events, logs = hosts.events(), hosts.logs
        _keep(pair.house, "two trigger hosts")
    ARTEFACTS.keep("two hosts: trigger hosts' logs", logs)
    seen = events["run_moved_by_another"]
    figures = f"{seen} conflicts seen (run_moved_by_another)"
    bad += [f"look_failed in the logs {events['look_failed']} times"] * bool(events["look_failed"])
    held = max(examples - len(bad), 0)
    return _finding("two trigger hosts as processes, ticks each second", examples, held, figures, bad, seen)


def _finding(tried: str, times: int, held: int, figures: str, bad: list[str], conflicts: int) -> Finding:
    """Where nobody ever came second nothing was proved, and nothing has held."""
    if not conflicts:
        return Finding(tried, times, 0, figures, (*bad[:MOST_TROUBLES], f"{tried}: {NO_CONFLICT}"))
    return Finding(tried, times, held, figures, tuple(bad[:MOST_TROUBLES]))


def _told(conflicts: Counter[str]) -> str:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(conflicts.items()))
    return f"{conflicts.total()} conflicts ({kinds})"


def _keep(house: House, name: str) -> None:
    ARTEFACTS.must_not_hold(*house.secrets())
    ARTEFACTS.keep(f"{name}: log", house.log.text)
    for document, text in house.state().items():
        ARTEFACTS.keep(f"{name}: {document}", text)
