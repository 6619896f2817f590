"""Whether what came of a fault is what must come of it."""

from collections.abc import Iterator
from datetime import timedelta

from functions.retraining.core.run import RunStatus

from .calls import TOKEN
from .playing import AN_HOUR, Played
from .verdicts import Verdict, words_of_status

AT_ONCE = timedelta(minutes=2)
"""Of simulated time: the looks that a run needs anyway until it comes to the call."""

ATTEMPTS = 2
"""The sample's training: retry 1."""


def troubles_of(played: Played) -> list[str]:
    """What did not hold, in words."""
    verdict = played.cell.trouble.verdict(played.cell.call)
    judge = {Verdict.HEALS: _healed, Verdict.ENDS: _ended, Verdict.COSTS_AN_ATTEMPT: _cost_an_attempt}[verdict]
    return [f"{played.cell}: {trouble}" for trouble in (*_always(played), *judge(played))]


def _always(played: Played) -> Iterator[str]:
    """At most one training an attempt, one submit a look; the pipeline beside is live."""
    if played.trainings > played.run.attempt:
        yield f"{played.trainings} trainings in {played.run.attempt} attempts"
    if played.most_submits_in_a_look > max(1, played.run.attempt):
        yield f"{played.most_submits_in_a_look} submits in one look"
    if played.beside and played.beside.status is not RunStatus.SUCCEEDED:
        yield f"the pipeline beside is {played.beside.status}: {played.beside.waits_for or played.beside.failure}"


def _healed(played: Played) -> Iterator[str]:
    run = played.run
    if run.status is not RunStatus.SUCCEEDED:
        yield f"{run.status}: {run.failure}"
        return
    if run.attempt != 1 or played.trainings != 1:
        yield f"{run.attempt} attempts and {played.trainings} trainings to heal"
    if not run.model or played.live != run.model.path:
        yield f"live is {played.live or 'nothing'}"
    if played.healed_after and played.took < played.cell.lasts:
        yield f"over after {played.took}, before the fault was"
    if played.took.total_seconds() < _wish(played):
        yield f"asked again after {played.took}, though the service wished for {_wish(played):.0f} s"
    if played.cell.lasts == AN_HOUR and played.healed_after and not played.warnings:
        yield "an hour of trouble, and no run_waits"


def _wish(played: Played) -> float:
    """The seconds that Retry-After asked for; azure-identity does not hand on what the token service wishes."""
    return 0.0 if played.cell.call == TOKEN else played.cell.trouble.wish


def _ended(played: Played) -> Iterator[str]:
    run, failure = played.run, played.run.failure
    code, message = words_of_status(played.cell.trouble.status or 0, played.cell.call)
    if run.status is not RunStatus.FAILED or failure is None:
        yield f"{run.status}, not failed: {run.waits_for}"
        return
    if played.took > AT_ONCE or played.struck != 1:
        yield f"not at once: after {played.took} and {played.struck} such answers"
    if message.split(":")[0] not in failure.message:
        yield f"not in the service's words: {failure.message}"
    if played.cell.call != TOKEN and (failure.code, failure.http_status) != (code, played.cell.trouble.status):
        yield f"code {failure.code!r}, status {failure.http_status}"
    if played.cell.call != TOKEN and not failure.request_id:
        yield "no request id"


def _cost_an_attempt(played: Played) -> Iterator[str]:
    """The fault outlasts both attempts: they follow each other at once."""
    run = played.run
    if run.status is not RunStatus.FAILED or run.attempt != ATTEMPTS:
        yield f"{run.status} after {run.attempt} attempts"
    if run.failure is None or "no longer knows job" not in run.failure.message:
        yield f"not in words: {run.failure}"
