"""Killing the host at moments of chance, and starting it again, until every upload's run has ended."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from tests.reliability.killed_hosts.street import Street

SEED = 4
UPLOADS_A_SECOND = 5
LONGEST_LIFE_SECONDS = 4.0
"""After it is ready, a host lives up to so long; half of them die sooner than half of it."""


@dataclass(frozen=True)
class Killed:
    """What the hosts went through: the moments of the kills since the beginning, and when all was over, in seconds."""

    moments: tuple[float, ...]
    seconds: float
    given_up: bool

    @property
    def median_between(self) -> float:
        """Between one kill and the next; zero if there were not two."""
        between = [after - before for before, after in zip(self.moments, self.moments[1:], strict=False)]
        return median(between) if between else 0.0


def kill_until_all_have_ended(street: Street, uploads: int, patience_seconds: float) -> Killed:
    """Upload and kill side by side; `given_up` if runs are still open after the patience."""
    began, moments = time.monotonic(), list[float]()
    chance = random.Random(SEED)  # noqa: S311 - no secret, but lives that can be repeated
    with ThreadPoolExecutor(1) as pool:
        uploading = pool.submit(_upload, street, uploads)
        while not (over := uploading.done() and _all_have_ended(street)) and _since(began) < patience_seconds:
            host = street.start_host()
            try:
                _live(chance.uniform(0.1, LONGEST_LIFE_SECONDS))
            finally:
                host.kill()
            moments.append(_since(began))
        uploading.result()
    return Killed(tuple(moments), _since(began), given_up=not over)


def _upload(street: Street, uploads: int) -> None:
    """One after another, so that hosts die while events come in too."""
    pause = threading.Event()
    for number in range(uploads):
        street.upload(number)
        pause.wait(1 / UPLOADS_A_SECOND)


def _live(seconds: float) -> None:
    """The host's life: its end comes when its time is up, whatever it is doing then."""
    threading.Event().wait(seconds)


def _all_have_ended(street: Street) -> bool:
    return {each.run for each in street.uploaded} <= street.ended() and not any(street.runs.open_runs())


def _since(began: float) -> float:
    return time.monotonic() - began
