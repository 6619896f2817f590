"""Playing one fault: an example arrives, the timer ticks, the clock goes on, until the run has ended."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from functions.retraining import transport as way
from functions.retraining.core.run import Run
from tests.e2e.house import House
from tests.support.waiting import wait_until

from . import beside
from .calls import TOKEN, Call
from .stage import Stage
from .troubles import Trouble, drips

SECONDS = timedelta(seconds=20)
AN_HOUR = timedelta(hours=1)

PATIENCE = timedelta(hours=8)
"""Of simulated time: two attempts of training and four of the update, with every timeout used up, take less."""

DRIPPING_READ_SECONDS = 0.4
"""For a whole answer while they drip: a real answer would drip for longer."""


@dataclass(frozen=True)
class Cell:
    """One field of the table."""

    trouble: Trouble
    call: Call
    lasts: timedelta

    def __str__(self) -> str:
        return f"{self.trouble} at {self.call} for {self.lasts}"


@dataclass
class Played:
    """What came of it. `struck` are the calls that met the fault; a relay's are not seen by the studio."""

    cell: Cell
    run: Run
    took: timedelta
    healed_after: timedelta | None
    submits: int
    most_submits_in_a_look: int
    trainings: int
    live: str
    struck: int
    warnings: list[str] = field(default_factory=list)
    beside: Run | None = None
    written: dict[str, str] = field(default_factory=dict)
    """Log and documents, by name."""


def play(stage: Stage, cell: Cell, *, with_beside: bool = False) -> Played:
    """Let the fault strike this call for so long, and see what the run makes of it.

    The pipeline beside begins with it; how far that one is, is seen while the fault still lasts.
    """
    with stage.house(cell.call.kind) as house, ExitStack() as healing:
        _strike(stage, cell, healing)
        played = _Play(stage, house, cell, healing).to_the_end(with_beside=with_beside)
        played.written = {"log": house.log.text, **house.state()}
        return played


def _strike(stage: Stage, cell: Cell, healing: ExitStack) -> None:
    healing.callback(stage.heal)
    fault = cell.trouble.at(cell.call)
    if fault:
        stage.studio.inject(fault)
    if cell.trouble.breakage:
        stage.ways[cell.call.way].break_after(cell.call.connection, cell.trouble.breakage)
    if drips(cell.trouble):
        patched = healing.enter_context(pytest.MonkeyPatch.context())
        patched.setattr(way, "READ_SECONDS", DRIPPING_READ_SECONDS)


class _Play:
    def __init__(self, stage: Stage, house: House, cell: Cell, healing: ExitStack) -> None:
        self._stage, self._house, self._cell, self._healing = stage, house, cell, healing
        self._began = house.clock.now()
        self._healed_after: timedelta | None = None
        self._submits = self._most = 0
        self._beside: Run | None = None

    def to_the_end(self, *, with_beside: bool) -> Played:
        run = self._house.begun()
        self._beside = self._house.begun(beside.EXAMPLE) if with_beside else None
        self._count_submits()
        while not (now := self._house.run(run)).status.ended:
            self._look_again(now)
        return self._played(now)

    def _look_again(self, run: Run) -> None:
        """The next tick: when the run wants it, or, healed, when the fault is over."""
        house, passed = self._house, self._house.clock.now() - self._began
        if passed > PATIENCE:
            message = f"{self._cell}: not ended within {PATIENCE}: {run.status}, {run.waits_for}"
            raise AssertionError(message)
        if passed >= self._cell.lasts and self._healed_after is None:
            self._beside = self._beside and house.run(self._beside)  # where it is while the fault still lasts
            self._healing.close()
            self._healed_after = passed
        if self._cell.call == TOKEN or drips(self._cell.trouble):
            house.restart()  # MSAL remembers a refusal for a minute of real time; a client keeps its first timeouts
        house.jobs_end()
        if self._beside:
            wait_until(self._no_job_runs_beside, "no job runs beside", every=0.005)
        house.clock.ahead += max(run.next_check_at - house.clock.now(), timedelta(seconds=1))
        house.tick()
        self._count_submits()

    def _no_job_runs_beside(self) -> bool:
        return all(job.status.text != "Running" for job in self._stage.well._cloud.jobs.all())

    def _count_submits(self) -> None:
        sent = self._house.routes()["bes.submit"]
        self._most = max(self._most, sent - self._submits)
        self._submits = sent

    def _played(self, run: Run) -> Played:
        house = self._house
        live = house.live_model() if self._cell.call.kind == "classic" else house.live_arm_model()
        return Played(
            cell=self._cell,
            run=run,
            took=house.clock.now() - self._began,
            healed_after=self._healed_after,
            submits=self._submits,
            most_submits_in_a_look=self._most,
            trainings=sum(status != "NotStarted" for status in house.job_statuses()),
            live=live,
            struck=sum(1 for seen in house.studio.requests if seen.fault),
            warnings=[line["waits_for"] for line in house.events("run_waits") if line.get("waits_for")],
            beside=self._beside,
        )
