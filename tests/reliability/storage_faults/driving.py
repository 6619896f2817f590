"""The host of a play: doors are called as the host calls them, and called again as the host would."""

from collections.abc import Callable
from datetime import timedelta

from functions.retraining.core.errors import RelearnerError
from tests.reliability.load.pipelines import EXAMPLES
from tests.reliability.storage_faults.stage import Play
from tests.support.waiting import wait_until

TRIES = 5
"""How often the host delivers a blob's event: maxDequeueCount."""

MOST_TICKS = 40
PAST_A_LEASE = timedelta(minutes=4)


def delivered(play: Play, name: str) -> bool:
    """The blob trigger: until the function succeeds, five times at most, without a pause between."""
    return any(succeeded(lambda: play.app.start_retraining(EXAMPLES, name)) for _ in range(TRIES))


def succeeded(act: Callable[[], object]) -> bool:
    """Whether the function did; it may only fail by an error that the app raises on purpose."""
    try:
        act()
    except RelearnerError:
        return False
    return True


def ticked_until_over(play: Play) -> None:
    """The timer, and the sweep each tenth tick, until nothing is open or the ticks have been too many."""
    for number in range(MOST_TICKS):
        jobs_are_done(play)
        ticked(play, PAST_A_LEASE)
        if number % 10 == 9:
            succeeded(play.app.sweep_examples)
        if is_over(play):
            return


def jobs_are_done(play: Play) -> None:
    """Wait until no job runs, so that the next tick sees its end."""
    wait_until(lambda: not play.studio.jobs_run(), "no job runs any more", seconds=120)


def ticked(play: Play, later: timedelta = timedelta(minutes=1)) -> bool:
    """One tick, so much later; a failed one is the host's to log, and the next one comes."""
    play.clock.ahead += later
    return succeeded(play.app.poll_runs)


def is_over(play: Play) -> bool:
    """Whether no run is open, and every pipeline has ended some."""
    return not any(play.runs.open_runs()) and all(any(play.runs.ended_ids(name)) for name in play.pipelines)
