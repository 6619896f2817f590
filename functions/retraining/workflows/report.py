"""Run documents as journal lines: each step of a run once, when it has been recorded."""

from functions.retraining.core.index import StoredRun
from functions.retraining.core.run import Run, RunStatus, Step

from .app import Journal, Level

_LEVELS = {RunStatus.FAILED: Level.ERROR, RunStatus.TIMED_OUT: Level.ERROR, RunStatus.CANCELLED: Level.WARNING}


def report(journal: Journal, before: StoredRun, run: Run) -> None:
    """Write the steps that `run` has and `before` had not recorded, and what it waits for if that is new."""
    known = before.run.history if before.etag else ()
    for step in run.history:
        if step not in known:
            _step(journal, run, step)
    if run.waits_for and run.waits_for != before.run.waits_for:
        level = Level.WARNING if run.failures else Level.INFO
        journal.event("run_waits", level, **_facts(run), status=run.status, waits_for=run.waits_for)


def _step(journal: Journal, run: Run, step: Step) -> None:
    level = _LEVELS.get(step.status, Level.INFO)
    facts = _facts(run) | {"at": step.at.isoformat(), "attempt": run.attempt}
    if step.note:
        facts["note"] = step.note
    if step.status.ended:
        facts |= _outcome(run)
    journal.event(f"run_{step.status}", level, **facts)


def _outcome(run: Run) -> dict[str, object]:
    """What an end adds: from which step, from how old a blob, and the live model or what the service said."""
    facts: dict[str, object] = {"uploaded_at": run.blob.last_modified.isoformat(), "origin": run.origin}
    if len(run.history) > 1:
        facts["stage"] = run.history[-2].status
    if run.model and run.status is RunStatus.SUCCEEDED:
        facts["model"] = run.model.path
    if run.failure:
        said = run.failure
        facts |= {"call": said.call, "http_status": said.http_status, "code": said.code, "request_id": said.request_id}
    return facts


def _facts(run: Run) -> dict[str, object]:
    facts: dict[str, object] = {"run": run.id, "pipeline": run.pipeline, "blob": run.blob.path}
    return facts | ({"job": run.job.id} if run.job else {})
