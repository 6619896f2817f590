"""Moving a run: decide, record, perform, until it has to wait or has ended. Nothing else moves a run."""

from functions.retraining.core.decide import decide
from functions.retraining.core.errors import AlreadyEnded, Conflict
from functions.retraining.core.index import StoredRun
from functions.retraining.core.observed import Observed
from functions.retraining.core.run import Run

from .app import App, PipelineServices
from .perform import perform
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
        _tidy(app, stored.run)
    except Conflict as conflict:
        app.journal.event("run_moved_by_another", run=stored.run.id, why=str(conflict))
    return stored.run


def close(app: App, stored: StoredRun, run: Run) -> Run:
    """Write an ended run's lasting document, give the slot back, take it off the open runs: in this order.

    A crash between leaves a duplicate that the next look removes. A lasting document that stands already is the truth.
    """
    final = app.runs.archive(run)
    give_back_slot(app, final)
    app.runs.discard(final)
    if final is run:
        report(app.journal, stored, run)
    return final


def _advance(app: App, services: PipelineServices, stored: StoredRun, observed: Observed) -> Run:
    run = stored.run
    while True:
        decision = decide(run, observed, services.policies, app.clock.now())
        run, effect = decision.run, decision.effect
        if run.status.ended:
            return close(app, stored, run)
        if effect is None or effect.recorded_first:
            stored = _record(app, stored, run)
        if effect is None:
            return run
        observed = perform(app, services, run, effect)


def _record(app: App, stored: StoredRun, run: Run) -> StoredRun:
    if stored.etag and run == stored.run:
        return stored
    saved = app.runs.save(run, stored.etag)
    report(app.journal, stored, run)
    return saved


def _tidy(app: App, run: Run) -> None:
    """Remove what a crash left of an ended run: only if its lasting document is really there."""
    if app.runs.ended(run.pipeline, run.id):
        app.runs.discard(run)
