"""A tick and a sweep as journal lines: the proof that the timers fire, and what has been left lying too long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import RunStatus

from .app import App

MOVED_ON_AT_ONCE = frozenset({RunStatus.SUBMITTING, RunStatus.SUBMITTED, RunStatus.TRAINED})
"""Between two calls: who is found so when its lease is over was left by a host that died, or by a look that failed."""


def report_tick(app: App, found: Iterable[OpenRun], began: datetime, ended: int) -> None:
    """One `runs_polled` line: what the tick found when it `began`, and how many active runs `ended` in it."""
    entries = list(found)
    app.journal.event(
        "runs_polled",
        open=len(entries),
        active=sum(entry.status is not RunStatus.WAITING for entry in entries),
        due=sum(entry.due(began) for entry in entries),
        ended=ended,
        **_longest("overdue", {entry.id: _overdue(entry, began) for entry in entries}),
        **_longest("active", {entry.id: _active(entry, began) for entry in entries}),
        took_seconds=_seconds_since(app, began),
    )


@dataclass
class Seen:
    """What a sweep came by: all blobs, and the examples that no event had announced."""

    blobs: int = 0
    found: int = 0

    def counted(self, versions: Iterable[BlobVersion]) -> Iterator[BlobVersion]:
        """The versions, each counted as it goes by."""
        for version in versions:
            self.blobs += 1
            yield version


def report_sweep(app: App, seen: Seen, began: datetime) -> None:
    """One `examples_swept` line."""
    app.journal.event(
        "examples_swept",
        pipelines=len(app.pipelines),
        blobs=seen.blobs,
        found=seen.found,
        took_seconds=_seconds_since(app, began),
    )


def _seconds_since(app: App, began: datetime) -> float:
    """How long it took, to the millisecond."""
    return round((app.clock.now() - began).total_seconds(), 3)


def _overdue(entry: OpenRun, now: datetime) -> timedelta:
    """How long a run that a look always moves on has been due without one.

    Others are due all the time: one that waits in line, one whose job or update is asked for at each tick.
    """
    return now - entry.next_check_at if entry.status in MOVED_ON_AT_ONCE else timedelta()


def _active(entry: OpenRun, now: datetime) -> timedelta:
    """How long its attempt has gone on; nothing while it waits for another one."""
    started = entry.attempt_started_at
    return now - started if started and entry.status is not RunStatus.WAITING else timedelta()


def _longest(name: str, times: dict[str, timedelta]) -> dict[str, object]:
    """The longest of the times in whole seconds, and the run it belongs to if there is one."""
    run, longest = max(times.items(), key=lambda each: each[1], default=("", timedelta()))
    seconds = max(int(longest.total_seconds()), 0)
    return {f"{name}_seconds": seconds} | ({f"{name}_run": run} if seconds else {})
