"""What must be true after two hosts worked on one state in real storage."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from devstack.studio import SeenRequest
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slot import TIME_DIGITS
from tests.e2e.house import PIPELINE, House

GOOD_ENDS = frozenset({RunStatus.SUCCEEDED, RunStatus.SUPERSEDED})


def troubles(house: House, examples: int) -> Iterator[str]:
    """What did not hold."""
    runs = house.ended_documents()
    if house.open_runs():
        yield f"open still: {house.open_runs()}"
    if len(runs) != examples or len({run.blob.name for run in runs}) != examples:
        yield f"{len(runs)} runs for {examples} examples"
    yield from (f"run {run.id} {run.status}: {run.failure}" for run in runs if run.status not in GOOD_ENDS)
    yield from _training_troubles(house, runs)
    yield from _update_troubles(house)
    yield from (f"look_failed: {line}" for line in house.events("look_failed"))


def _training_troubles(house: House, runs: list[Run]) -> Iterator[str]:
    """No job was started twice, none that no run knows, none beside another of the same attempt."""
    starts = Counter(_job_of(seen) for seen in house.studio.requests_to("bes.start") if seen.status == 204)
    known = Counter(run.job.id for run in runs if run.job)
    yield from (f"job {job} was started {times} times" for job, times in starts.items() if times > 1)
    yield from (f"job {job} runs, and no run knows it" for job in starts if job not in known)
    trainings = sum(status != "NotStarted" for status in house.job_statuses())
    attempts = sum(run.attempt for run in runs)
    if trainings > attempts:
        yield f"{trainings} trainings in {attempts} attempts"


def _update_troubles(house: House) -> Iterator[str]:
    """The studio took the models in the order of their examples, and serves the one on record."""
    sent = models_sent(house)
    times = [model[:TIME_DIGITS] for model in sent]
    if times != sorted(times):
        yield f"an older model over a newer one: {sent}"
    deployed = house.app.app.runs.slot(PIPELINE).slot.deployed
    if not deployed or house.live_model() != deployed.model:
        yield f"live is {house.live_model()!r}, on record {deployed and deployed.model!r}"


def models_sent(house: House) -> list[str]:
    """The run ids in the updates that the studio took, oldest first."""
    taken = [seen for seen in house.studio.requests_to("management.patch_endpoint") if 200 <= seen.status < 300]
    places = (unquote(seen.body["Resources"][0]["Location"]["RelativeLocation"]) for seen in taken)
    return [place.rpartition("/")[2].removesuffix(".ilearner") for place in places]


def _job_of(seen: SeenRequest) -> str:
    return seen.path.split("/")[-2]
