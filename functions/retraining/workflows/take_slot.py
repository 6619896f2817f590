"""Taking a pipeline's slot, and giving it back when a run has ended: conditional writes only."""

from functions.retraining.core.errors import AlreadyEnded, Conflict
from functions.retraining.core.index import StoredSlot
from functions.retraining.core.observed import SlotBusy, SlotPassed, SlotTaken
from functions.retraining.core.run import Run
from functions.retraining.core.settle import settled
from functions.retraining.core.slot import Answer, Busy, Known, Passed, SlotClaim, Taken, ask, freed, given_up

from .app import App, Level

TRIES = 20
"""How often a conditional write is tried against others; each conflict means that somebody else got on."""


def take_slot(app: App, run: Run) -> SlotTaken | SlotBusy | SlotPassed:
    """Take the slot for `run`, or say why not. Raises AlreadyEnded for a run that is over."""
    for _ in range(TRIES):
        stored = app.runs.slot(run.pipeline)
        answer = ask(stored.slot, run.id, run.blob.last_modified, app.clock.now())
        try:
            seen = _observed(app, stored, answer)
        except Conflict:
            continue
        if seen:
            return seen
    message = f"the slot of pipeline {run.pipeline} changed {TRIES} times while run {run.id} asked for it"
    raise Conflict(message)


def give_back_slot(app: App, run: Run) -> None:
    """Write down what `run` leaves behind. Quiet if it does not hold the slot (any more).

    A run without a claim may hold it too: its host died between taking the slot and writing that down.
    """
    stored = StoredSlot(run.claim.slot, run.claim.etag) if run.claim else app.runs.slot(run.pipeline)
    for _ in range(TRIES):
        if stored.slot.active != run.id:
            return
        try:
            app.runs.save_slot(settled(stored.slot, run), stored.etag)
        except Conflict:
            stored = app.runs.slot(run.pipeline)
        else:
            return
    message = f"the slot of pipeline {run.pipeline} changed {TRIES} times while run {run.id} gave it back"
    raise Conflict(message)


def _observed(app: App, stored: StoredSlot, answer: Answer) -> SlotTaken | SlotBusy | SlotPassed | None:
    match answer:
        case Known():
            message = f"a run of pipeline {stored.slot.pipeline} has ended before"
            raise AlreadyEnded(message)
        case Passed(deployed, verified):
            return SlotPassed(deployed, verified)
        case Busy(active):
            return None if _abandoned(app, stored, active) else SlotBusy(active)
        case Taken(slot, was_held):
            held = stored if was_held else app.runs.save_slot(slot, stored.etag)
            return SlotTaken(SlotClaim(etag=held.etag or "", slot=held.slot))


def _abandoned(app: App, stored: StoredSlot, active: str) -> bool:
    """Free a slot whose holder died between taking it and writing its own document."""
    if not given_up(stored.slot, app.clock.now()) or app.runs.load(active):
        return False
    app.journal.event("slot_freed", Level.WARNING, pipeline=stored.slot.pipeline, run=active)
    app.runs.save_slot(freed(stored.slot), stored.etag)
    return True
