"""One tick of the timer: look at every run that is due, side by side."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from itertools import groupby

from functions.retraining.core.definitions import ExecutionPriorityOrder
from functions.retraining.core.errors import RelearnerError, Unreadable
from functions.retraining.core.index import OpenRun
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slot import TIME_DIGITS, holds

from .app import App, Level
from .heartbeat import report_tick
from .look import look_at, overtake
from .quarantine import report_unreadable
from .turns import in_turn, time_is_up


def poll_runs(app: App) -> None:
    """Look at each pipeline's due run; where none trains or updates, let the next waiting one begin.

    One pipeline's trouble never keeps another's run from being looked at. What does not fit into the timer's budget is
    left to the next tick, which takes the pipelines in another order.
    """
    now = app.clock.now()
    entries = sorted(app.runs.open_runs(), key=lambda entry: (entry.pipeline, entry.id))
    lines = [list(group) for _, group in groupby(entries, key=lambda entry: entry.pipeline)]
    with ThreadPoolExecutor(app.looks_at_once) as pool:
        # Each in the tick's context, by which the worker knows whose log lines these are.
        begun = [pool.submit(copy_context().run, _ticked, app, line, now) for line in in_turn(lines, now)]
        ended = sum(each.result() for each in begun)
    report_tick(app, entries, now, ended)


def _ticked(app: App, line: list[OpenRun], now: datetime) -> int:
    """One pipeline's part; a defect in it ends neither the others' parts nor the heartbeat."""
    try:
        return _tick(app, line, now)
    except Exception as error:
        app.journal.defect("look_failed", error, pipeline=line[0].pipeline)
        return 0


def _tick(app: App, line: list[OpenRun], now: datetime) -> int:
    """One pipeline's part: its active runs, then, while the slot has room, its waiting ones in their order.

    Answers how many of the active ones ended.
    """
    active = [entry for entry in line if entry.status is not RunStatus.WAITING]
    looked = [_guarded(app, entry, look_at) for entry in active if _may_look(app, entry, now)]
    ended = [run for run in looked if _ended(run)]
    taken = len(active) - len(ended) - sum(map(_lost_its_slot, looked))
    waiting = in_order(app, [entry for entry in line if entry.status is RunStatus.WAITING])
    room = _concurrency(app, line[0].pipeline) - taken
    if room > 0 and any(entry.due(now) for entry in waiting):
        _let_next_begin(app, _holder_first(app, _without_overtaken(app, waiting, now)), room, now)
    return len(ended)


def _let_next_begin(app: App, waiting: Iterable[OpenRun], room: int, now: datetime) -> None:
    """Go through the waiting runs until the slot is full or one waits for it; not longer than the tick's budget.

    A run that waits for a time of its own (its delay, its other inputs) keeps none behind it from beginning.
    """
    for entry in waiting:
        if room <= 0 or time_is_up(app.clock, now):
            return
        run = _guarded(app, entry, look_at) if entry.due(now) else None
        if run and _next_in_line(run, app.clock.now()):
            return
        if (run and not run.status.ended and _began(run)) or _waits_for_its_next_attempt(entry, run):
            room -= 1


def _next_in_line(run: Run, now: datetime) -> bool:
    """Whether it waits for the slot, or for what every run of the pipeline waits for."""
    return not _began(run) and not run.status.ended and not run.failures and run.next_check_at <= now


def _began(run: Run) -> bool:
    return run.status is not RunStatus.WAITING or run.claim is not None


def _waits_for_its_next_attempt(entry: OpenRun, looked_at: Run | None) -> bool:
    """A waiting run with an attempt behind it keeps its slot."""
    return looked_at is None and entry.attempt_started_at is not None


def _may_look(app: App, entry: OpenRun, now: datetime) -> bool:
    return entry.due(now) and not time_is_up(app.clock, now)


def _without_overtaken(app: App, waiting: list[OpenRun], now: datetime) -> list[OpenRun]:
    """The waiting runs that may begin: where the pipeline supersedes older examples, the newest ends the others."""
    services = app.pipelines.get(waiting[0].pipeline)
    if services is None or not services.pipeline.supersede_older_examples:
        return waiting
    newest = max(waiting, key=lambda entry: entry.id)
    for entry in waiting:
        if entry.id[:TIME_DIGITS] < newest.id[:TIME_DIGITS] and not time_is_up(app.clock, now):
            _guarded(app, entry, lambda app, entry: overtake(app, entry, newest.id))
    return [entry for entry in waiting if entry.id[:TIME_DIGITS] >= newest.id[:TIME_DIGITS]]


def _holder_first(app: App, entries: list[OpenRun]) -> list[OpenRun]:
    """A waiting run may hold the slot already: its copy is being made, or its host died. Nobody begins before it."""
    if len(entries) < 2:
        return entries
    try:
        slot = app.runs.slot(entries[0].pipeline).slot
    except RelearnerError:
        return entries  # each look says the same
    return sorted(entries, key=lambda entry: not holds(slot, entry.id))


def _concurrency(app: App, pipeline: str) -> int:
    services = app.pipelines.get(pipeline)
    return services.policies.training.concurrency if services else 1


def in_order(app: App, waiting: Iterable[OpenRun]) -> list[OpenRun]:
    """The waiting runs of one pipeline as its executionPriorityOrder wants them; ids sort by their blob's time."""
    entries = list(waiting)
    services = app.pipelines.get(entries[0].pipeline) if entries else None
    order = services.policies.training.execution_priority_order if services else None
    newest_first = order is ExecutionPriorityOrder.NEWEST_FIRST
    return sorted(entries, key=lambda entry: entry.id, reverse=newest_first)


def _guarded(app: App, entry: OpenRun, look: Callable[[App, OpenRun], Run | None]) -> Run | None:
    """Look, and write down what goes wrong: the next tick tries again."""
    try:
        return look(app, entry)
    except Unreadable as error:
        report_unreadable(app.journal, error, run=entry.id, pipeline=entry.pipeline)
    except RelearnerError as error:
        app.journal.event("look_failed", Level.ERROR, run=entry.id, pipeline=entry.pipeline, why=str(error))
    except Exception as error:
        app.journal.defect("look_failed", error, run=entry.id, pipeline=entry.pipeline)
    return None


def _lost_its_slot(run: Run | None) -> bool:
    """Whether others hold the slot, perhaps one that waits: each would wait for the other if this one took room."""
    return run is not None and not run.status.ended and run.claim is None


def _ended(run: Run | None) -> bool:
    return run is not None and run.status.ended
