"""Data Factory's activity policy as arithmetic on times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .definitions import ActivityPolicy, ExternalData, Pipeline, Validation

LEASE = timedelta(minutes=3)
"""How long nobody else touches a run after an intent is on record: longer than all HTTP timeouts of one step."""

FIRST_BACKOFF = timedelta(seconds=15)
LONGEST_BACKOFF = timedelta(minutes=15)
CANCEL_GRACE = timedelta(minutes=10)
"""How long a job that overran its timeout is asked to stop before the attempt ends without its answer."""


@dataclass(frozen=True)
class Policies:
    """What a pipeline's definition says about when and how often: its activities' policies and its own switches.

    `updates` are by activity. `checks_inputs` says that a training reads more than the example, or wants it checked.
    `lease` is the time that a recorded intent is left alone.
    """

    training: ActivityPolicy
    updates: Mapping[str, ActivityPolicy]
    is_paused: bool = False
    checks_inputs: bool = False
    lease: timedelta = LEASE

    @classmethod
    def of(cls, pipeline: Pipeline, lease: timedelta = LEASE) -> "Policies":
        """The policies of this pipeline."""
        inputs = pipeline.batch_execution.inputs
        return cls(
            training=pipeline.batch_execution.policy,
            updates={activity.name: activity.policy for activity in pipeline.update_resources},
            is_paused=pipeline.is_paused,
            checks_inputs=len(inputs) > 1 or any(dataset.validation != Validation() for dataset in inputs),
            lease=lease,
        )


def overran(policy: ActivityPolicy, started: datetime | None, now: datetime) -> bool:
    """Whether an execution that began at `started` is past its timeout; without a timeout never."""
    return policy.timeout is not None and started is not None and now - started >= policy.timeout


def may_retry(policy: ActivityPolicy, executions: int) -> bool:
    """Whether another execution is allowed after this many: `longRetry` rounds of 1 + `retry` executions each."""
    return executions < (1 + policy.retry) * max(policy.long_retry, 1)


def wait_before_retry(policy: ActivityPolicy, executions: int) -> timedelta:
    """The wait after this many executions: `longRetryInterval` between rounds, else the retry interval (v2)."""
    round_is_over = executions % (1 + policy.retry) == 0
    return policy.long_retry_interval if round_is_over else policy.retry_interval


def patience(external_data: ExternalData) -> timedelta:
    """How long a missing input is waited for: the delay, then 1 + `maximumRetry` looks of `retryTimeout` each."""
    return external_data.data_delay + external_data.retry_timeout * (1 + external_data.maximum_retry)


def backoff(failures: int, wish: timedelta | None) -> timedelta:
    """The wait after this many transient failures in a row: doubling, capped; longer if the service wishes so."""
    doubled = FIRST_BACKOFF * (1 << min(failures - 1, 16))
    return max(min(doubled, LONGEST_BACKOFF), min(wish or timedelta(0), LONGEST_BACKOFF))
