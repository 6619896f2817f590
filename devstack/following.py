"""Watching one run from its upload to its end, and the calls it makes at the services meanwhile."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from devstack.studio_calls import StudioCalls
from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import Run, run_id
from functions.retraining.workflows.app import App

MEANINGS = {
    "waiting": "blob seen",
    "submitting": "about to submit a job",
    "submitted": "job submitted",
    "running": "job started",
    "trained": ".ilearner written",
    "updating": "about to call update resource",
    "succeeded": "verified",
}
CALLS = {
    "management.patch_endpoint": "update resource called",
    "arm.patch_web_service": "update resource called",
    "arm.operation_status": "update followed",
}


@dataclass(frozen=True)
class Happening:
    """One step of the run, or one call that the studio saw. `at` is UTC."""

    at: datetime
    name: str
    words: str


class FollowTimeoutError(RuntimeError):
    """The run has not ended in time; says how far it came."""


class Follower:
    """Follows the run that one version of a blob begins."""

    def __init__(self, app: App, pipeline: str, blob: BlobVersion, studio: StudioCalls) -> None:
        self._app = app
        self._pipeline = pipeline
        self._id = run_id(pipeline, blob)
        self._studio = studio
        self._steps_told = 0
        self._job_status_told = ""
        self._calls_told = max((call["number"] for call in studio.requests_seen()), default=0)

    def happenings(self, seconds: float) -> Iterator[Happening]:
        """Everything that happens, as it does, until the run has ended. Raises FollowTimeoutError after `seconds`."""
        end = time.monotonic() + seconds
        while True:
            run = self.run()
            new = [*self._new_steps(run), *self._new_job_status(run), *self._new_calls()]
            yield from sorted(new, key=lambda happening: happening.at)
            if run and run.status.ended:
                return
            if time.monotonic() > end:
                raise FollowTimeoutError(self._how_far(run, seconds))
            time.sleep(0.1)

    def _how_far(self, run: Run | None, seconds: float) -> str:
        if run is None:
            return f"run {self._id} has not begun within {seconds:g} s: is a host running?"
        waits_for = run.waits_for or "the next tick of poll_runs"
        return f"run {self._id} has not ended within {seconds:g} s: it is {run.status} and waits for: {waits_for}"

    def run(self) -> Run | None:
        """The run as it is now, or None if nobody has begun it yet."""
        stored = self._app.runs.load(self._id)
        return stored.run if stored else self._app.runs.ended(self._pipeline, self._id)

    def _new_steps(self, run: Run | None) -> Iterator[Happening]:
        history = run.history if run else ()
        new, self._steps_told = history[self._steps_told :], max(len(history), self._steps_told)
        for step in new:
            words = MEANINGS.get(step.status, "")
            yield Happening(step.at, step.status, ": ".join(part for part in (words, step.note) if part))

    def _new_job_status(self, run: Run | None) -> Iterator[Happening]:
        job = run.job.id if run and run.job else ""
        status = self._studio.job_statuses().get(job, "")
        if status and status != self._job_status_told:
            self._job_status_told = status
            yield Happening(datetime.now(UTC), "job", f"the training web service says {status}")

    def _new_calls(self) -> Iterator[Happening]:
        for call in self._studio.requests_seen():
            if call["number"] > self._calls_told:
                self._calls_told = call["number"]
                yield from _told(call)


def _told(call: dict[str, Any]) -> Iterator[Happening]:
    words = CALLS.get(call["route"])
    if words:
        at = datetime.fromisoformat(call["received_at"])
        yield Happening(at, "service", f"{words}: {call['method']}, HTTP {call['status']}")
