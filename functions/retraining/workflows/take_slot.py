"""Taking a pipeline's slot, and giving it back when a run has ended: conditional writes only."""

from collections.abc import Callable

from functions.retraining.core.errors import AlreadyEnded, Conflict
from functions.retraining.core.index import StoredSlot
from functions.retraining.core.observed import SeatTaken, SlotBusy, SlotPassed, SlotTaken
from functions.retraining.core.run import Run
from functions.retraining.core.settle import settled
from functions.retraining.core.slot import (
    Answer,
    Busy,
    Holder,
    Known,
    Passed,
    Slot,
    SlotClaim,
    Taken,
    ask,
    ask_seat,
    freed,
    given_up,
)

from .app import App, Level

TRIES = 20
"""How often a conditional write is tried against others; each conflict means that somebody else got on."""


def take_slot(app: App, run: Run, concurrency: int) -> SlotTaken | SlotBusy | SlotPassed:
    """Take the slot for `run`, or say why not. Raises AlreadyEnded for a run that is over."""
    taken = _take(app, run, lambda slot: ask(slot, run.id, run.blob.last_modified, app.clock.now(), concurrency))
    return SlotTaken(taken) if isinstance(taken, SlotClaim) else taken


def take_update_seat(app: App, run: Run) -> SeatTaken | SlotBusy | SlotPassed:
    """Become the run that updates, or say why not."""
    taken = _take(app, run, lambda slot: ask_seat(slot, run.id, run.blob.last_modified))
    return SeatTaken(taken) if isinstance(taken, SlotClaim) else taken


def give_back_slot(app: App, run: Run) -> None:
    """Write down what `run` leaves behind. Quiet if that was done before.

    A run without a claim may hold it too: its host died between taking the slot and writing that down.
    """
    stored = StoredSlot(run.claim.slot, run.claim.etag) if run.claim else app.runs.slot(run.pipeline)
    for _ in range(TRIES):
        left = settled(stored.slot, run)
        if left is stored.slot:
            return
        try:
            app.runs.save_slot(left, stored.etag)
        except Conflict:
            stored = app.runs.slot(run.pipeline)
        else:
            return
    message = f"the slot of pipeline {run.pipeline} changed {TRIES} times while run {run.id} gave it back"
    raise Conflict(message)


def free_abandoned(app: App, pipeline: str) -> None:
    """Free the slot from claims whose runs were never recorded, though nobody asks for their places."""
    stored = app.runs.slot(pipeline)
    while _abandoned(app, stored, stored.slot.active):
        stored = app.runs.slot(pipeline)


def _take(app: App, run: Run, question: Callable[[Slot], Answer]) -> SlotClaim | SlotBusy | SlotPassed:
    for _ in range(TRIES):
        stored = app.runs.slot(run.pipeline)
        try:
            seen = _answered(app, stored, question(stored.slot))
        except Conflict:
            continue
        if seen:
            return seen
    message = f"the slot of pipeline {run.pipeline} changed {TRIES} times while run {run.id} asked for it"
    raise Conflict(message)


def _answered(app: App, stored: StoredSlot, answer: Answer) -> SlotClaim | SlotBusy | SlotPassed | None:
    match answer:
        case Known():
            message = f"a run of pipeline {stored.slot.pipeline} has ended before"
            raise AlreadyEnded(message)
        case Passed(deployed, verified):
            return SlotPassed(deployed, verified)
        case Busy(holders):
            return None if _abandoned(app, stored, holders) else SlotBusy(tuple(holder.run for holder in holders))
        case Taken(slot, was_held):
            held = stored if was_held else app.runs.save_slot(slot, stored.etag)
            return SlotClaim(etag=held.etag or "", slot=held.slot)


def _abandoned(app: App, stored: StoredSlot, holders: tuple[Holder, ...]) -> bool:
    """Free a slot whose holder died between taking it and writing its own document."""
    for holder in holders:
        if given_up(stored.slot, holder.run, app.clock.now()) and app.runs.load(holder.run) is None:
            app.journal.event("slot_freed", Level.WARNING, pipeline=stored.slot.pipeline, run=holder.run)
            app.runs.save_slot(freed(stored.slot, holder.run), stored.etag)
            return True
    return False
