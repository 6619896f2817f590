"""Moving a run: decide, record, perform, until it has to wait or has ended. Nothing else moves a run."""

from datetime import datetime

from functions.retraining.core.decide import decide
from functions.retraining.core.errors import AlreadyEnded, Conflict
from functions.retraining.core.index import StoredRun
from functions.retraining.core.moves import says_nothing_new
from functions.retraining.core.observed import InputsSeen, Observed
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slot import given_up, held_before

from .app import App, PipelineServices
from .perform import perform
from .quarantine import left_for_later
from .report import report
from .take_slot import give_back_slot


def advance(app: App, services: PipelineServices, stored: StoredRun, observed: Observed) -> Run:
    """Go on from `observed` as far as possible now; the run as it was left.

    Quiet if another host moved the run meanwhile: that host goes on with it. Raises ServiceError or StateError only
    where the run's own document could not be read or written; the run is then looked at again.
    """
    try:
        return _advance(app, services, stored, observed)
    except AlreadyEnded:
        with left_for_later(app.journal, run=stored.run.id, pipeline=stored.run.pipeline):
            _tidy(app, stored.run)
    except Conflict as conflict:
        app.journal.event("run_moved_by_another", run=stored.run.id, why=str(conflict))
    return stored.run


def close(app: App, stored: StoredRun, run: Run) -> Run:
    """Write an ended run's lasting document, give the slot back, take it off the open runs: in this order.

    A crash between leaves a duplicate that the next look removes. A lasting document that stands already is the truth.
    An end without success is recorded in the open document first: what is left of it after a crash must not go on
    when it is looked at again. Success needs no such record, because the scoring web service says it again.
    """
    concerned = bool(stored.etag or run.claim)
    if concerned and run.status is not RunStatus.SUCCEEDED:
        stored = _record(app, stored, run)
    final = app.runs.archive(run)
    if final is run:  # told at once: should the rest fail, a later look finds the end on record and tells nothing
        report(app.journal, stored, run)
    if concerned:
        give_back_slot(app, final)
    app.runs.discard(final)
    return final


def _advance(app: App, services: PipelineServices, stored: StoredRun, observed: Observed) -> Run:
    run = stored.run
    while True:
        decision = decide(run, observed, services.policies, app.clock.now())
        run, effect = decision.run, decision.effect
        if run.status.ended:
            mendable = isinstance(observed, InputsSeen)
            return close(app, _record(app, stored, run) if mendable else stored, run)
        if effect is None or effect.recorded_first:
            created = stored.etag is None
            stored = _record(app, stored, run)
            if effect is None or _too_late(run, app.clock.now(), created=created):
                return run
        observed = perform(app, services, run, effect)


def _too_late(run: Run, now: datetime, *, created: bool) -> bool:
    """Whether others may have taken over, or gone on to the end, by now: the next look asks for the slot first.

    A lease that ran out while it was recorded binds nobody. A slot may be freed from a run that has no document
    after a grace: a document that comes later than that proves nothing. And where the run held the slot before this
    host knew of it, there may have been a document, removed since the slot was read because the run has ended.
    """
    slot = run.claim.slot if created and run.claim else None
    may_be_over = slot is not None and (given_up(slot, run.id, now) or held_before(slot, run.id, run.created_at))
    return now > run.next_check_at or may_be_over


def _record(app: App, stored: StoredRun, run: Run) -> StoredRun:
    if stored.etag and says_nothing_new(stored.run, run, app.clock.now()):
        return stored
    saved = app.runs.save(run, stored.etag)
    report(app.journal, stored, run)
    return saved


def _tidy(app: App, run: Run) -> None:
    """Remove what a crash left of an ended run: only if its lasting document is really there."""
    if app.runs.ended(run.pipeline, run.id):
        app.runs.discard(run)
