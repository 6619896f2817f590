"""The run documents: can all be read, how old is the oldest open run, does the timer look at them?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from azure.storage.blob import BlobServiceClient

from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.errors import RelearnerError, ServiceError, Unreadable
from functions.retraining.core.run import Run
from functions.retraining.settings import Settings
from functions.retraining.storage.blobs import StorageBlobs
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from functions.retraining.workflows.dead_letters import ONE_LIST
from functions.retraining.workflows.heartbeat import MOVED_ON_AT_ONCE

from .finding import Area, Finding
from .refusals import to_do_about

STATE = Area("state")
TICKS_MISSED = timedelta(minutes=15)
"""So long after its time, a run that a look moves on at once was looked at by no tick of any ordinary schedule."""


def examine_state(
    service: BlobServiceClient, settings: Settings, pipelines: tuple[Pipeline, ...], now: datetime
) -> Iterator[Finding]:
    """The open runs and the slots, each read once; and the dead letters, if a container for them is set."""
    store = StorageRunStore(Documents(service, settings.state_container))
    try:
        runs, unreadable = _open_runs(store)
        unreadable += _slots(store, pipelines)
        letters = _dead_letters(service, settings)
    except RelearnerError as error:
        to_do = to_do_about(error) if isinstance(error, ServiceError) else "see the findings about storage"
        yield STATE.problem(settings.state_container, str(error), to_do)
        return
    yield from _documents(unreadable)
    yield from _oldest(runs, now)
    yield from _letters(settings.dead_letter_container, letters)


def _open_runs(store: StorageRunStore) -> tuple[list[Run], list[Unreadable]]:
    runs, unreadable = [], []
    for line in store.open_runs():
        try:
            stored = store.load(line.id)
        except Unreadable as error:
            unreadable.append(error)
            continue
        if stored:
            runs.append(stored.run)
    return runs, unreadable


def _slots(store: StorageRunStore, pipelines: tuple[Pipeline, ...]) -> list[Unreadable]:
    unreadable = []
    for pipeline in pipelines:
        try:
            store.slot(pipeline.name)
        except Unreadable as error:
            unreadable.append(error)
    return unreadable


def _dead_letters(service: BlobServiceClient, settings: Settings) -> int:
    """As many as the sweep counts."""
    if not settings.dead_letter_container:
        return 0
    return sum(1 for _ in islice(StorageBlobs(service).under(settings.dead_letter_container, ""), ONE_LIST))


def _documents(unreadable: list[Unreadable]) -> Iterator[Finding]:
    for error in unreadable:
        yield STATE.problem(error.document, error.problem, error.remedy)
    if not unreadable:
        yield STATE.ok("documents", "every open run and every slot can be read")


def _oldest(runs: list[Run], now: datetime) -> Iterator[Finding]:
    if not runs:
        yield STATE.ok("open runs", "there are none")
        return
    oldest = min(runs, key=lambda run: run.created_at)
    waits = f", waits for {oldest.waits_for}" if oldest.waits_for else ""
    words = f"{len(runs)} open; the oldest, {oldest.id}, is {oldest.status} since {_minutes(now - oldest.created_at)}"
    yield STATE.ok("open runs", f"{words}{waits}")
    overdue = [run for run in runs if run.status in MOVED_ON_AT_ONCE and run.next_check_at + TICKS_MISSED < now]
    if overdue:
        late = max(now - run.next_check_at for run in overdue)
        found = f"{len(overdue)} should have been looked at, the oldest {_minutes(late)} ago: the timer does not tick"
        to_do = "see that the app runs, that poll_runs is not switched off, and what its last invocations logged"
        yield STATE.problem("poll_runs", found, to_do)


def _letters(container: str, count: int) -> Iterator[Finding]:
    if container and not count:
        yield STATE.ok(container, "there are no dead letters")
    if count:
        found = f"holds {count} dead letter{'' if count == 1 else 's'}: events that Event Grid could not deliver"
        to_do = "each says why (deadLetterReason); the sweep finds their blobs. Mend the cause, then delete them"
        yield STATE.problem(container, found, to_do)


def _minutes(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return "under a minute" if minutes < 1 else f"{minutes} minute{'' if minutes == 1 else 's'}"
