"""One tick of the timer: look at every run that is due, side by side."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby

from functions.retraining.core.definitions import ExecutionPriorityOrder
from functions.retraining.core.errors import RelearnerError
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import Run, RunStatus

from .app import App, Level
from .look import look_at

TICK_BUDGET = timedelta(minutes=2)
"""How long a tick goes on beginning runs: well below the host's function timeout. The next tick does the rest."""


def poll_runs(app: App) -> None:
    """Look at each pipeline's due run; where none trains or updates, let the next waiting one begin.

    One pipeline's trouble never keeps another's run from being looked at.
    """
    now = app.clock.now()
    entries = sorted(app.runs.open_runs(), key=lambda entry: (entry.pipeline, entry.id))
    lines = [list(group) for _, group in groupby(entries, key=lambda entry: entry.pipeline)]
    with ThreadPoolExecutor(app.looks_at_once) as pool:
        list(pool.map(lambda line: _tick(app, line, now), lines))


def _tick(app: App, line: list[OpenRun], now: datetime) -> None:
    """One pipeline's part: its active run, then, if the slot is free, its waiting ones in their order."""
    active = [entry for entry in line if entry.status is not RunStatus.WAITING]
    ended = [entry for entry in active if entry.due(now) and _ended(_guarded(app, entry))]
    if len(ended) == len(active):
        _let_next_begin(app, [entry for entry in line if entry.status is RunStatus.WAITING], now)


def _let_next_begin(app: App, waiting: Iterable[OpenRun], now: datetime) -> None:
    """Go through the waiting runs until one of them has the slot or waits for it; not longer than the tick's budget."""
    for entry in _holder_first(app, in_order(app, waiting)):
        if app.clock.now() - now > TICK_BUDGET:
            return
        run = _guarded(app, entry) if entry.due(now) else None
        if run and not run.status.ended:
            return


def _holder_first(app: App, entries: list[OpenRun]) -> list[OpenRun]:
    """A waiting run may hold the slot already: its copy is being made, or its host died. Nobody begins before it."""
    if len(entries) < 2:
        return entries
    try:
        holder = app.runs.slot(entries[0].pipeline).slot.active
    except RelearnerError:
        return entries  # each look says the same
    return sorted(entries, key=lambda entry: entry.id != holder)


def in_order(app: App, waiting: Iterable[OpenRun]) -> list[OpenRun]:
    """The waiting runs of one pipeline as its executionPriorityOrder wants them; ids sort by their blob's time."""
    entries = list(waiting)
    services = app.pipelines.get(entries[0].pipeline) if entries else None
    order = services.policies.training.execution_priority_order if services else None
    newest_first = order is ExecutionPriorityOrder.NEWEST_FIRST
    return sorted(entries, key=lambda entry: entry.id, reverse=newest_first)


def _guarded(app: App, entry: OpenRun) -> Run | None:
    """Look, and write down what goes wrong: the next tick tries again."""
    try:
        return look_at(app, entry)
    except RelearnerError as error:
        app.journal.event("look_failed", Level.ERROR, run=entry.id, pipeline=entry.pipeline, why=str(error))
    except Exception as error:
        app.journal.defect("look_failed", error, run=entry.id, pipeline=entry.pipeline)
    return None


def _ended(run: Run | None) -> bool:
    return run is not None and run.status.ended
