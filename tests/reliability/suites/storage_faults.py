"""Storage in trouble: refusals, resets, slow answers, outages, damaged documents, a deleted container."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.reliability.finding import Finding
from tests.reliability.storage_faults.damage import BROKEN_LINES, DAMAGES, broken_line, damaged_run, damaged_slot
from tests.reliability.storage_faults.disturbed import Outcome, disturbed, refused_for_a_while
from tests.reliability.storage_faults.forgetting import container_deleted
from tests.reliability.storage_faults.outages import stopped_and_started
from tests.reliability.storage_faults.stage import Stage, stage
from tests.reliability.storage_faults.trouble import BUSY, CUT, INTERNAL, LOST, SLOW, TROUBLES

type Play = Callable[[Stage], Outcome]

OUTAGES = 4
UPLOADS = 8
AT_ONCE = 6
"""Plays side by side: most of their time is the storage client's pauses before it tries again."""


def findings() -> Iterator[Finding]:
    """Each kind of trouble on a stage that all plays share; the outages come last and have it for themselves."""
    with stage() as shared, ThreadPoolExecutor(AT_ONCE) as pool:
        begun = [(tried, hit, [pool.submit(play, shared) for play in plays]) for tried, hit, plays in kinds()]
        for tried, hit, outcomes in begun:
            yield found(tried, hit, [outcome.result() for outcome in outcomes])
        outage = stopped_and_started(shared, OUTAGES, UPLOADS)
        tried = f"Azurite stopped and started {OUTAGES} times under load, {UPLOADS} uploads to each of 3 pipelines"
        yield found(tried, "ticks and looks failed, or runs backed off, meanwhile", [_met(outage)])


def _met(outage: Outcome) -> Outcome:
    """An outage that no call has met proves nothing."""
    return outage if outage.hits else Outcome(0, (*outage.troubles, "no call of the app failed"))


def kinds() -> Iterator[tuple[str, str, list[Play]]]:
    """What is tried, what is counted, and the plays."""
    for trouble in TROUBLES:
        tried = f"a run while {trouble.share:.0%} of the requests to storage meet: {trouble.name}"
        yield tried, "requests met it", [partial(disturbed, trouble=trouble)]
    lasting = (BUSY, INTERNAL, LOST, CUT, SLOW)
    yield (
        "a run whose job ends while every request to storage is in trouble, for two ticks",
        "requests met it",
        [partial(refused_for_a_while, trouble=trouble) for trouble in lasting],
    )
    yield (
        "a run's document is damaged: said at each tick, untouched, others go on; put back, it goes on",
        "times reported",
        [partial(damaged_run, how=how) for how in DAMAGES],
    )
    yield (
        "a slot is damaged: its pipeline waits, uploads are recorded, others go on; put back, it goes on",
        "times reported",
        [partial(damaged_slot, how=how) for how in DAMAGES],
    )
    yield (
        "an index line is broken: made anew from the document",
        "lines",
        [partial(broken_line, how=how) for how in BROKEN_LINES],
    )
    yield (
        "the state container is deleted while a job runs, or is done",
        "containers",
        [partial(container_deleted, job_done=done) for done in (False, True)],
    )


def found(tried: str, hit: str, outcomes: list[Outcome]) -> Finding:
    """What came of these plays."""
    held = sum(not outcome.troubles for outcome in outcomes)
    troubles = tuple(trouble for outcome in outcomes for trouble in outcome.troubles)
    return Finding(tried, len(outcomes), held, f"{sum(outcome.hits for outcome in outcomes)} {hit}", troubles)
