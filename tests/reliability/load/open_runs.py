"""Very many open runs in one tick's view: what the tick takes, costs and reads."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from statistics import median

from msgspec.structs import replace

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import Job, Origin, Run, RunStatus, new_run
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from tests.reliability.finding import Finding
from tests.reliability.load.measured import Measured
from tests.reliability.load.pipelines import EXAMPLES, Wanted, example_name
from tests.reliability.load.planting import Planted, plant
from tests.reliability.load.town import STATE, Town, town

A_LIST = 5_000
"""Blobs that one List answers with."""

TICKS = 3
RUNNING_EACH = 10
"""Runs that train at a time in each pipeline, in the tick with running jobs: Data Factory's own upper limit."""


def idle_ticks(counts: Iterable[int], pipelines: int) -> Finding:
    """Ticks over more and more open runs, none of them due: they cost their Lists and nothing else."""
    told, troubles, times = [], [], 0
    with town("idle ticks", Wanted(pipelines)) as place:
        planted = 0
        for count in counts:
            _plant(place, [_not_due(run) for run in _waiting(place.pipelines, range(planted, count))])
            planted = count
            ticks = [place.app.call("poll_runs") for _ in range(TICKS)]
            times += len(ticks)
            troubles += [trouble for tick in ticks for trouble in _not_only_lists(tick, count)]
            taken = median(tick.seconds for tick in ticks), median(tick.processor_seconds for tick in ticks)
            told.append(f"{count:,}: {taken[0]:.2f} s (processor {taken[1]:.2f} s), {ticks[0].lists} List")
        figures = f"{'; '.join(told)}; {ticks[-1].peak.partition(' (')[0]}"
    title = f"a tick over {planted:,} open runs of {pipelines} pipelines, none due"
    return Finding(title, times, times - len(troubles), figures, tuple(troubles))


def busy_tick(count: int, pipelines: int) -> Finding:
    """All due: each running job is asked for once, the runs in line behind them not at all."""
    policy = {"concurrency": RUNNING_EACH, "executionPriorityOrder": "OldestFirst"}
    with town("busy tick", Wanted(pipelines, policy)) as place:
        runs = list(_waiting(place.pipelines, range(count)))
        jobs = place.studio.never_ending_jobs(pipelines * RUNNING_EACH)
        running = [_running(run, job) for run, job in zip(runs, jobs, strict=False)]
        _plant(place, [*running, *runs[len(running) :]])
        place.studio.studio.clear_requests()
        tick = place.app.call("poll_runs")
        asked = len(place.studio.studio.requests_to("bes.status"))
        others = len(place.studio.studio.requests) - asked
    troubles = [*_not_only_lists(tick, count), *_unless(asked == len(running) and not others, f"{asked} status calls")]
    title = f"a tick over {count:,} open runs of {pipelines} pipelines, all due, {len(running):,} of them running jobs"
    figures = f"{tick.took}, {asked:,} status calls, {tick.lists} List, no other storage request; {tick.peak}"
    return Finding(title, 1, int(not troubles), figures, tuple(troubles))


def _not_only_lists(tick: Measured, count: int) -> Iterator[str]:
    yield from tick.errors
    yield from _unless(tick.operations == 0, f"{count} open runs: {tick.operations} requests beside the Lists")
    yield from _unless(tick.lists == ceil(count / A_LIST), f"{count} open runs: {tick.lists} Lists")


def _unless(holds: object, trouble: str) -> list[str]:
    return [] if holds else [trouble]


def _waiting(pipelines: list[str], numbers: Iterable[int]) -> Iterator[Run]:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    for number in numbers:
        pipeline = pipelines[number % len(pipelines)]
        name, etag = example_name(pipeline, number), f"0x8D{number:013X}"
        uploaded = began + timedelta(seconds=number // len(pipelines))
        blob = BlobVersion(container=EXAMPLES, name=name, etag=etag, last_modified=uploaded, size=8)
        yield new_run(pipeline, Origin.LABELED_EXAMPLE, blob, began)


def _not_due(run: Run) -> Run:
    return replace(run, next_check_at=datetime.now(UTC) + timedelta(hours=1), waits_for="its delay")


def _running(run: Run, job: str) -> Run:
    started = datetime.now(UTC)
    told = Job(id=job, submitted_at=started)
    return replace(run, status=RunStatus.RUNNING, job=told, attempt=1, attempt_started_at=started)


def _plant(place: Town, runs: Iterable[Run]) -> None:
    """Put the documents where the app's own store would, with the metadata that it would give them."""
    documents = _Recorded()
    for run in runs:
        StorageRunStore(documents).save(run, None)
    plant(place.azurite, STATE, documents.written)


class _Recorded(Documents):
    """Remembers what would be written."""

    def __init__(self) -> None:
        self.written: list[Planted] = []

    def write(self, name: str, content: bytes, etag: str | None, metadata: Mapping[str, str] | None = None) -> str:
        assert etag is None, "each is written once"
        blob = Planted(name, len(self.written), content, metadata or {})
        self.written.append(blob)
        return blob.etag
