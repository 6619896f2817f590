"""Data Factory's activity policy as arithmetic on times."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .definitions import ActivityPolicy, Pipeline

LEASE = timedelta(minutes=3)
"""How long nobody else touches a run after an intent is on record: longer than all HTTP timeouts of one step."""

FIRST_BACKOFF = timedelta(seconds=15)
LONGEST_BACKOFF = timedelta(minutes=15)
CANCEL_GRACE = timedelta(minutes=10)
"""How long a job that overran its timeout is asked to stop before the attempt ends without its answer."""


@dataclass(frozen=True)
class Policies:
    """The policies of a pipeline's two activities, and the lease on a recorded intent."""

    training: ActivityPolicy
    update: ActivityPolicy
    lease: timedelta = LEASE

    @classmethod
    def of(cls, pipeline: Pipeline, lease: timedelta = LEASE) -> "Policies":
        """The policies of this pipeline."""
        return cls(pipeline.batch_execution.policy, pipeline.update_resource.policy, lease)


def overran(policy: ActivityPolicy, started: datetime | None, now: datetime) -> bool:
    """Whether an execution that began at `started` is past its timeout; without a timeout never."""
    return policy.timeout is not None and started is not None and now - started >= policy.timeout


def may_retry(policy: ActivityPolicy, executions: int) -> bool:
    """Whether another execution is allowed after this many: `retry` n means 1 + n."""
    return executions <= policy.retry


def backoff(failures: int, wish: timedelta | None) -> timedelta:
    """The wait after this many transient failures in a row: doubling, capped; longer if the service wishes so."""
    doubled = FIRST_BACKOFF * (1 << min(failures - 1, 16))
    return max(min(doubled, LONGEST_BACKOFF), min(wish or timedelta(0), LONGEST_BACKOFF))
