"""Two trigger hosts, each a process with a host id of its own, on one state: both get every event, both tick."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from devstack.places import ROOT
from devstack.trigger_host.process import TriggerHost
from tests.e2e.house import House
from tests.support.waiting import wait_until

EVERY_SECOND = "* * * * * *"
NEVER = "0 0 0 1 1 *"
SECONDS = 120.0
"""Within which everything has ended; the machine may be busy."""


@dataclass(frozen=True)
class Hosts:
    """The two processes."""

    hosts: tuple[TriggerHost, ...]

    def events(self) -> Counter[str]:
        """The journal's events in both logs, by name."""
        return Counter(event for host in self.hosts for event in _events(host.log))

    @property
    def logs(self) -> str:
        """Everything both have printed."""
        return "\n".join(host.log for host in self.hosts)


@contextmanager
def running(house: House) -> Iterator[Hosts]:
    """Both hosts, ready."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        with ThreadPoolExecutor(2) as pool:
            started = tuple(pool.map(partial(_start, house, folder), ("one", "two")))
        for host in started:
            closing.callback(host.stop)
        yield Hosts(started)


def upload_and_wait(house: House, examples: int) -> None:
    """Each example arrives while the one before is trained on; until all runs have ended. Raises AssertionError."""
    for number in range(examples):
        house.upload(f"day{number}.arff")
        wait_until(partial(_are_known, house, number + 1), f"example {number} is known", seconds=SECONDS)
    wait_until(lambda: len(house.ended_runs()) == examples, "all runs have ended", seconds=SECONDS)
    wait_until(lambda: not house.open_runs(), "nothing is open", seconds=SECONDS)


def _are_known(house: House, examples: int) -> bool:
    """A run that just ended may be seen on both shelves, and between two looks on neither: asked until it fits."""
    return len({*house.open_runs(), *house.ended_runs()}) >= examples


def _start(house: House, folder: Path, name: str) -> TriggerHost:
    settings = house.settings | {
        "ADF_FOLDER": str(house.folder / "adf"),
        "AzureFunctionsWebHost__hostid": f"{house.containers.state[-12:]}-{name}",
        "POLL_SCHEDULE": EVERY_SECOND,
        "SWEEP_SCHEDULE": NEVER,
    }
    return TriggerHost.start(ROOT, settings, folder / name, message_invisible_seconds=1)


def _events(log: str) -> Iterator[str]:
    for line in log.splitlines():
        begin = line.find('{"event":')
        if begin >= 0:
            try:
                yield str(json.JSONDecoder().raw_decode(line[begin:])[0]["event"])
            except ValueError:
                continue
