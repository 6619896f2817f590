"""The few ways a run changes, and what is decided with each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from .effects import Effect
from .errors import ServiceError, TransientError
from .policy import Policies, backoff
from .run import HISTORY_LIMIT, Failure, Run, RunStatus, Step, Update

_STOPPED = frozenset({RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.CANCELLED, RunStatus.SUPERSEDED})
_GIVEN_UP = _STOPPED | {RunStatus.SKIPPED}
_TRIED_AGAIN = frozenset({RunStatus.WAITING, RunStatus.SUBMITTING})

TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.WAITING: _GIVEN_UP | {RunStatus.SUBMITTING, RunStatus.TRAINED},
    RunStatus.SUBMITTING: _GIVEN_UP | _TRIED_AGAIN | {RunStatus.SUBMITTED},
    RunStatus.SUBMITTED: _GIVEN_UP | _TRIED_AGAIN | {RunStatus.RUNNING},
    RunStatus.RUNNING: _GIVEN_UP | _TRIED_AGAIN | {RunStatus.TRAINED},
    RunStatus.TRAINED: frozenset({RunStatus.UPDATING}),
    RunStatus.UPDATING: _STOPPED | {RunStatus.SUCCEEDED},
}
"""Every move a run can make; a status that is not a key is an end."""


NEXT_LOOK = timedelta(milliseconds=1)
"""What waits for the next look is not looked at again in the same one."""


@dataclass(frozen=True)
class Decision:
    """The run as it is now, and the one call to make next, or None to leave it alone until it is looked at again."""

    run: Run
    effect: Effect | None = None


@dataclass(frozen=True)
class Situation:
    """A run, its policies and the time (UTC): all that a rule may look at besides what was observed."""

    run: Run
    policies: Policies
    now: datetime

    def with_run(self, run: Run) -> "Situation":
        """The same situation with the run changed."""
        return Situation(run, self.policies, self.now)

    def waits_until(self, due: datetime, why: str) -> Decision:
        """Look again at `due`; `why` is what a person reads meanwhile."""
        return Decision(replace(self.run, failures=0, waits_for=why, next_check_at=due))

    def unchanged(self, effect: Effect | None = None) -> Decision:
        """Nothing new to record."""
        return Decision(self.run, effect)

    def waits(self, why: str) -> Decision:
        """Look again with the next tick; `why` is what a person reads meanwhile. Recorded once: `says_nothing_new`."""
        return self.waits_until(self.now, why)

    def again_later(self, error: ServiceError) -> Decision:
        """Back off after a failure that is not the run's end."""
        return Decision(backed_off(self.run, error, self.now))

    def leased(self, run: Run, effect: Effect) -> Decision:
        """Record an intent that nobody else touches until the lease is over, then make the call."""
        return Decision(replace(run, next_check_at=self.now + self.policies.lease), effect)

    def ends(self, status: RunStatus, failure: Failure) -> Decision:
        """The end, with its reason."""
        run = moved(self.run, status, self.now, failure.message)
        return Decision(replace(run, failure=failure))


def backed_off[T: (Run, Update)](what: T, error: ServiceError, now: datetime) -> T:
    """The run, or one of its updates, after one more failure in a row: what it met, and when it is tried again."""
    failures = what.failures + 1
    again = now + backoff(failures, error.retry_after if isinstance(error, TransientError) else None)
    why = f"{error}; failure {failures} in a row, next try after {again:%Y-%m-%d %H:%M:%S} UTC"
    return replace(what, failures=failures, waits_for=why, next_check_at=again)


def says_nothing_new(before: Run, after: Run, now: datetime) -> bool:
    """Whether two states of a run differ in nothing but that both are to be looked at with the next tick."""
    soon = now + NEXT_LOOK
    return _due_from(before, soon) == _due_from(after, soon)


def _due_from(run: Run, soon: datetime) -> Run:
    updates = tuple(replace(each, next_check_at=max(each.next_check_at, soon)) for each in run.updates)
    return replace(run, next_check_at=max(run.next_check_at, soon), updates=updates)


def moved(run: Run, status: RunStatus, now: datetime, note: str = "") -> Run:
    """The run in its next status, due at once, with one more line of history.

    Raises ValueError if the transition table has no such move: that is a defect in a rule, never bad input.
    """
    if status not in TRANSITIONS.get(run.status, frozenset()):
        message = f"run {run.id}: no move from {run.status} to {status}"
        raise ValueError(message)
    return replace(
        noted(run, status, now, note),
        status=status,
        next_check_at=now,
        failures=0,
        waits_for="",
        failure=None,
    )


def noted(run: Run, status: RunStatus, now: datetime, note: str) -> Run:
    """The run with one more line of history; the oldest lines go first."""
    step = Step(status=status, at=now, note=note)
    return replace(run, history=(*run.history, step)[-HISTORY_LIMIT:])


def healed(run: Run, now: datetime) -> Run:
    """The run after a call went well again: the same object if nothing was wrong."""
    if not run.failures and not run.waits_for:
        return run
    return replace(run, failures=0, waits_for="", next_check_at=now)


def lasted(run: Run, since: datetime | None, now: datetime) -> timedelta:
    """How long something that began at `since` has taken; since the run was created if that is not known."""
    return now - (since or run.created_at)
