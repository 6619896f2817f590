"""Very many uploads at once, announced as the host announces them, and what becomes of each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from functions.retraining.core.run import Run, RunStatus, run_id
from functions.retraining.storage.blobs import StorageBlobs
from tests.reliability.finding import Finding
from tests.reliability.load.measured import Measured
from tests.reliability.load.pipelines import EXAMPLES, Wanted, example_name
from tests.reliability.load.town import Town, town
from tests.support.waiting import wait_until

EVENTS_AT_ONCE = 4
"""host.json's extensions.blobs.maxDegreeOfParallelism."""

MOST_TICKS = 400


@dataclass(frozen=True)
class Burst:
    """So many uploads over so many pipelines.

    `policy` is the batch execution's; `then` is what an operator changes in it after `ticks_before` ticks: the app is
    started anew with that.
    """

    uploads: int
    pipelines: int
    title: str
    policy: Mapping[str, Any] = field(default_factory=dict)
    supersedes: bool = False
    then: Mapping[str, Any] = field(default_factory=dict)
    ticks_before: int = 0


@dataclass
class Drained:
    """What the ticks took and cost until no run was open."""

    ticks: list[Measured] = field(default_factory=list)

    @property
    def operations(self) -> int:
        return sum(tick.operations for tick in self.ticks)

    @property
    def longest(self) -> float:
        return max(tick.seconds for tick in self.ticks)

    @property
    def seconds(self) -> float:
        return sum(tick.seconds for tick in self.ticks)


def burst(wanted: Burst) -> Finding:
    """Upload, announce, tick until no run is open; what held of the promises, and the figures."""
    properties = {"supersedeOlderExamples": True} if wanted.supersedes else {}
    with town(wanted.title, Wanted(wanted.pipelines, {"retry": 0, **wanted.policy}, properties)) as place:
        newest = _upload(place, wanted)
        announced = place.app.call("start_retraining", *_events(place), side_by_side=EVENTS_AT_ONCE)
        recorded = _recorded(place)
        drained = _drained(place, wanted)
        ended = place.ended()
        troubles = [
            *announced.errors,
            *(error for tick in drained.ticks for error in tick.errors),
            *_lost(place, recorded, ended),
            *_trained_twice(place),
            *_not_live(place, newest),
        ]
        figures = _figures(wanted, announced, drained, ended)
    # A trouble may concern several uploads, or one upload several troubles: at least so many did not hold.
    return Finding(wanted.title, wanted.uploads, max(wanted.uploads - len(troubles), 0), figures, tuple(troubles[:5]))


def _upload(place: Town, wanted: Burst) -> dict[str, str]:
    """All uploads, four at a time; the last of each pipeline in a second of its own, so that it is the newest.

    The names of those, by pipeline.
    """
    names = [example_name(place.pipelines[at % wanted.pipelines], at) for at in range(wanted.uploads)]
    first, last = names[: -wanted.pipelines], names[-wanted.pipelines :]
    with ThreadPoolExecutor(EVENTS_AT_ONCE) as pool:
        list(pool.map(place.upload, first))
        second = datetime.now(UTC).replace(microsecond=0)
        wait_until(lambda: datetime.now(UTC).replace(microsecond=0) > second, "the next second")
        list(pool.map(place.upload, last))
    return {name.partition("/")[0]: name for name in last}


def _events(place: Town) -> Iterator[tuple[str, str]]:
    for blob in StorageBlobs(place.storage).under(EXAMPLES, ""):
        yield EXAMPLES, blob.name


def _recorded(place: Town) -> set[str]:
    open_ids = {entry.id for entry in place.runs.open_runs()}
    return open_ids.union(*(place.runs.ended_ids(name) for name in place.pipelines))


def _drained(place: Town, wanted: Burst) -> Drained:
    drained = Drained()
    while any(place.runs.open_runs()):
        assert len(drained.ticks) < MOST_TICKS, f"runs are open after {MOST_TICKS} ticks"
        if wanted.then and len(drained.ticks) == wanted.ticks_before:
            place.restart_with(wanted.then)
        wait_until(lambda: not place.studio.jobs_run(), "no job runs any more")
        drained.ticks.append(place.app.call("poll_runs"))
    return drained


def _lost(place: Town, recorded: set[str], ended: list[Run]) -> Iterator[str]:
    """Each upload has a run on record once all are announced, and one lasting document in the end."""
    documents = Counter(run.id for run in ended)
    for blob in StorageBlobs(place.storage).under(EXAMPLES, ""):
        run = run_id(blob.name.partition("/")[0], blob)
        if run not in recorded:
            yield f"{blob.path} was announced, but no run was on record"
        if documents[run] != 1:
            yield f"{blob.path}: {documents[run]} lasting documents of run {run}"
    for run_ended in ended:
        if run_ended.status not in {RunStatus.SUCCEEDED, RunStatus.SUPERSEDED}:
            yield f"run {run_ended.id} ended as {run_ended.status}: {run_ended.failure}"


def _trained_twice(place: Town) -> Iterator[str]:
    for example, times in place.studio.trainings().items():
        if times > 1:
            yield f"{example} was trained on {times} times"


def _not_live(place: Town, newest: Mapping[str, str]) -> Iterator[str]:
    live, blobs = place.studio.live(), StorageBlobs(place.storage)
    for pipeline, name in newest.items():
        version = blobs.version(EXAMPLES, name)
        if version is None or f"{run_id(pipeline, version)}.ilearner" not in live[pipeline]:
            yield f"pipeline {pipeline}: live is {live[pipeline]!r}, not the model of {name}"


def _figures(wanted: Burst, announced: Measured, drained: Drained, ended: list[Run]) -> str:
    counts = Counter(run.status.value for run in ended)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    operations = (announced.operations + drained.operations) / wanted.uploads
    worked = announced.processor_seconds + sum(tick.processor_seconds for tick in drained.ticks)
    return (
        f"all recorded in {announced.took}, {wanted.uploads / announced.seconds:.0f} a second, "
        f"{announced.operations / wanted.uploads:.1f} storage operations each; {told} in {len(drained.ticks)} ticks "
        f"of {drained.seconds:.0f} s, the longest {drained.longest:.1f} s; a run costs {operations:.1f} storage "
        f"operations and {1000 * worked / wanted.uploads:.0f} ms of processor in all; "
        f"{drained.ticks[-1].peak.partition(' (')[0]}"
    )
