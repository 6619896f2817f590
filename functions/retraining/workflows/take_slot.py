"""Taking a pipeline's slot, and giving it back when a run has ended: conditional writes only."""

from collections.abc import Callable
from contextlib import suppress

from functions.retraining.core.errors import AlreadyEnded, Conflict, Unreadable
from functions.retraining.core.index import StoredSlot
from functions.retraining.core.observed import SeatBusy, SeatTaken, SlotBusy, SlotPassed, SlotTaken, SlotUnreadable
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
from .quarantine import report_unreadable

TRIES = 20
"""How often a conditional write is tried against others; each conflict means that somebody else got on."""

NotTaken = SlotBusy | SlotPassed | SlotUnreadable


def take_slot(app: App, run: Run, concurrency: int) -> SlotTaken | NotTaken:
    """Take the slot for `run`, or say why not. Raises AlreadyEnded for a run that is over."""
    taken = _take(app, run, lambda slot: ask(slot, run.id, run.blob.last_modified, app.clock.now(), concurrency))
    return SlotTaken(taken) if isinstance(taken, SlotClaim) else taken


def take_update_seat(app: App, run: Run) -> SeatTaken | SeatBusy | NotTaken:
    """Become the run that updates, or say why not."""
    taken = _take(app, run, lambda slot: ask_seat(slot, run.id, run.blob.last_modified))
    if isinstance(taken, SlotBusy):
        return SeatBusy(taken.active)
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
    """Free the slot from claims whose runs were never recorded, though nobody asks for their places.

    What another host changes in the same moment, or what is left after many tries, is looked at anew by the next sweep.
    """
    for _ in range(TRIES):
        stored = app.runs.slot(pipeline)
        with suppress(Conflict):
            if not _abandoned(app, stored, stored.slot.active):
                return


def _take(app: App, run: Run, question: Callable[[Slot], Answer]) -> SlotClaim | NotTaken:
    for _ in range(TRIES):
        try:
            stored = app.runs.slot(run.pipeline)
            seen = _answered(app, stored, question(stored.slot))
        except Conflict:
            continue
        except Unreadable as error:
            report_unreadable(app.journal, error, run=run.id, pipeline=run.pipeline)
            return SlotUnreadable(str(error))
        if seen:
            return seen
    message = f"the slot of pipeline {run.pipeline} changed {TRIES} times while run {run.id} asked for it"
    raise Conflict(message)


def _answered(app: App, stored: StoredSlot, answer: Answer) -> SlotClaim | NotTaken | None:
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
        if given_up(stored.slot, holder.run, app.clock.now()) and not _is_recorded(app, holder):
            app.journal.event("slot_freed", Level.WARNING, pipeline=stored.slot.pipeline, run=holder.run)
            app.runs.save_slot(freed(stored.slot, holder.run), stored.etag)
            return True
    return False


def _is_recorded(app: App, holder: Holder) -> bool:
    """Whether the holder has a document; one that cannot be read is one, and its training may go on."""
    try:
        return app.runs.load(holder.run) is not None
    except Unreadable:
        return True
