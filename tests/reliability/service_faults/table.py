"""The whole table: which cells there are, and playing them in two lanes, each a process with a stack of its own."""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from devstack.azurite import Azurite

from .calls import ARM_GET, ARM_PATCH, CALLS, READ, STATUS, SUBMIT
from .judging import troubles_of
from .playing import AN_HOUR, SECONDS, Cell, Played, play
from .stage import Stage
from .troubles import TROUBLES, drips
from .verdicts import Verdict

LANES = 2
SEEN_BESIDE = (STATUS, READ, ARM_GET)
"""At these calls an hour of trouble is played with another pipeline beside."""

DRIPS_FOR_AN_HOUR = (SUBMIT, STATUS, ARM_PATCH)
"""Each drop of an answer takes real time: an hour of them at these calls only, seconds of them at all."""


@dataclass
class Lane:
    """What one process has played."""

    played: int = 0
    troubles: list[str] = field(default_factory=list)
    bad: int = 0
    beside: int = 0
    written: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)
    longest: timedelta = timedelta(0)
    asked: list[int] = field(default_factory=list)
    """How often the service was asked in each hour of trouble that it saw."""

    def note(self, played: Played) -> None:
        """Judge it, and keep what it left."""
        troubles = troubles_of(played)
        self.played += 1
        self.bad += bool(troubles)
        self.beside += played.beside is not None
        self.troubles.extend(troubles)
        self.longest = max(self.longest, played.took)
        if played.cell.lasts == AN_HOUR and played.healed_after and played.struck:
            self.asked.append(played.struck)
        self.written |= {f"{played.cell}: {name}": text for name, text in played.written.items()}


def for_seconds() -> list[Cell]:
    """Every fault at every call."""
    return [Cell(trouble, call, SECONDS) for call in CALLS for trouble in TROUBLES]


def for_an_hour() -> list[Cell]:
    """The same, but for those that end the run with the first answer: nothing is left to last."""
    return [cell for cell in _for_an_hour() if cell.trouble.verdict(cell.call) is not Verdict.ENDS]


def play_all(cells: Sequence[Cell]) -> list[Lane]:
    """Play them in LANES processes at once."""
    with ProcessPoolExecutor(LANES, mp_context=get_context("spawn")) as pool:
        return list(pool.map(play_here, (list(cells[lane::LANES]) for lane in range(LANES))))


def play_here(cells: Sequence[Cell]) -> Lane:
    """Play them one after another, in a stack of their own."""
    lane = Lane()
    with tempfile.TemporaryDirectory() as folder, Azurite.start(Path(folder)) as azurite, Stage.open(azurite) as stage:
        lane.secrets |= stage.secrets()
        for cell in cells:
            try:
                lane.note(play(stage, cell, with_beside=_lasts_long(cell)))
            except AssertionError as error:
                lane.played, lane.bad = lane.played + 1, lane.bad + 1
                lane.troubles.append(str(error))
    return lane


def _lasts_long(cell: Cell) -> bool:
    """Whether there is an hour in which another pipeline can come to its end beside: lost jobs end a run sooner."""
    heals = cell.trouble.verdict(cell.call) is Verdict.HEALS
    return heals and cell.lasts == AN_HOUR and cell.call in SEEN_BESIDE


def _for_an_hour() -> Iterator[Cell]:
    for call in CALLS:
        hours = partial(Cell, call=call, lasts=AN_HOUR)
        yield from (hours(trouble) for trouble in TROUBLES if not drips(trouble) or call in DRIPS_FOR_AN_HOUR)
