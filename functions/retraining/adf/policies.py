"""An activity's `policy` to ActivityPolicy."""

from datetime import timedelta

from functions.retraining.core.definitions import ActivityPolicy, ExecutionPriorityOrder

from .durations import read_duration
from .findings import Unset
from .node import Fields, Node
from .vocabulary import POLICY

V2_TIMEOUT = timedelta(days=7)
V2_RETRY_INTERVAL = 30
_NONE = timedelta(0)
_V1_RETRIES, _V2_RETRIES = 10, 1000


def read_policy(node: Node, concurrency: int, *, is_v2: bool) -> ActivityPolicy:
    """Read a policy; whatever is absent (or at fault, which is recorded) has the default of its Data Factory.

    Version 1: no timeout, re-executions at once. Version 2: 7 days, 30 seconds between.
    `concurrency` is the pipeline's own, for a policy that has none.
    """
    fields = node.fields(POLICY)
    if fields is None:
        timeout, retry_interval = _timeout(None, is_v2=is_v2), _interval(None, is_v2=is_v2)
        return ActivityPolicy(timeout=timeout, retry_interval=retry_interval, concurrency=concurrency)
    return ActivityPolicy(
        timeout=_timeout(fields, is_v2=is_v2),
        retry=fields.find("retry").whole_number(0, _V2_RETRIES if is_v2 else _V1_RETRIES) or 0,
        retry_interval=_interval(fields, is_v2=is_v2),
        delay=read_duration(fields.find("delay")) or _NONE,
        long_retry=_rounds(fields.find("longRetry")),
        long_retry_interval=read_duration(fields.find("longRetryInterval")) or _NONE,
        concurrency=fields.find("concurrency").whole_number(1, 10) or concurrency,
        execution_priority_order=_order(fields.find("executionPriorityOrder")),
    )


def _timeout(fields: Fields | None, *, is_v2: bool) -> timedelta | None:
    """None is no timeout: 00:00:00, and v1's default."""
    node = None if fields is None else fields.find("timeout")
    if node is None or node.absent:
        return V2_TIMEOUT if is_v2 else None
    return read_duration(node) or None


def _interval(fields: Fields | None, *, is_v2: bool) -> timedelta:
    number = None if fields is None else fields.find("retryIntervalInSeconds").whole_number(30, 86400)
    default = V2_RETRY_INTERVAL if is_v2 else 0
    return timedelta(seconds=default if number is None else number)


def _rounds(node: Node) -> int:
    """Data Factory's own wizard writes longRetry 0 for no second round, which is one round like 1."""
    return max(1, node.whole_number(0, 10) or 1)


def _order(node: Node) -> ExecutionPriorityOrder:
    text = node.text()
    if text is None or isinstance(text, Unset):
        return ExecutionPriorityOrder.OLDEST_FIRST
    if text not in set(ExecutionPriorityOrder):
        node.fault(f"is no order; expected {' or '.join(ExecutionPriorityOrder)}")
        return ExecutionPriorityOrder.OLDEST_FIRST
    return ExecutionPriorityOrder(text)
