"""Azurite is stopped and started again, again and again, while uploads come in and runs go on."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

from azure.core.exceptions import AzureError

from tests.reliability.load.pipelines import example_name
from tests.reliability.storage_faults.disturbed import Outcome
from tests.reliability.storage_faults.driving import delivered, ticked, ticked_until_over
from tests.reliability.storage_faults.promises import troubles
from tests.reliability.storage_faults.stage import Play, Stage

SEED = 4
PIPELINES = 3
LONGEST_UP_SECONDS = 3.0
DOWN_SECONDS = 12.0
"""Twice as long as the storage client tries again by itself, which is 6 s at most: calls must fail."""


def stopped_and_started(stage: Stage, outages: int, uploads: int) -> Outcome:
    """Three pipelines, ticked all the time, with so many uploads each; storage goes so often.

    `hits` are the ticks that failed, at their List of open runs; within those that did not, the looks that failed and
    the runs that backed off.
    """
    play = stage.play(PIPELINES)
    over = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        failed = pool.submit(_ticking, play, over)
        uploading = pool.submit(_uploading, play, uploads)
        for seconds in _moments(outages):
            over.wait(seconds)
            stage.azurite.stop()
            over.wait(DOWN_SECONDS)
            stage.azurite.restart()
        uploading.result()
        over.set()
    ticked_until_over(play)
    play.keep_artefacts()
    said = [f"Azurite away {outages} times: {each}" for each in troubles(play, uploads)]
    backed_off = [line for line in play.journal.named("run_waits") if line["level"] == "WARNING"]
    hits = failed.result() + len(play.journal.named("look_failed")) + len(backed_off)
    return Outcome(hits, tuple(said))


def _moments(outages: int) -> list[float]:
    chance = random.Random(SEED)  # noqa: S311 - no secret, but outages that can be repeated
    return [chance.uniform(0.3, LONGEST_UP_SECONDS) for _ in range(outages)]


def _ticking(play: Play, over: threading.Event) -> int:
    """The timer; how many ticks failed."""
    failed = 0
    while not over.wait(0.2):
        failed += not ticked(play)
    return failed


def _uploading(play: Play, uploads: int) -> None:
    """Each upload is tried until it succeeds, as people do; its event is delivered as often as the host delivers it."""
    for number in range(1, uploads + 1):
        for pipeline in play.pipelines:
            while not _uploaded(play, pipeline, number):
                threading.Event().wait(0.1)
            delivered(play, example_name(pipeline, number))


def _uploaded(play: Play, pipeline: str, number: int) -> bool:
    try:
        play.upload(pipeline, number)
    except AzureError:
        return False
    return True
