"""An activity's `policy` to ActivityPolicy."""

from datetime import timedelta

from functions.retraining.core.definitions import ActivityPolicy, ExecutionPriorityOrder

from .durations import read_duration
from .findings import Unset
from .node import Fields, Node
from .vocabulary import POLICY

_NONE = timedelta(0)


def read_policy(node: Node) -> ActivityPolicy:
    """Read a policy; whatever is absent (or at fault, which is recorded) has Data Factory's default."""
    fields = node.fields(POLICY)
    if fields is None:
        return ActivityPolicy()
    return ActivityPolicy(
        timeout=read_duration(fields.find("timeout")) or None,
        retry=fields.find("retry").whole_number(0, 10) or 0,
        delay=_no_wait(fields, "delay", "a wait before the activity"),
        long_retry=_one(fields.find("longRetry"), 0, "several rounds of retries"),
        long_retry_interval=_no_wait(fields, "longRetryInterval", "a wait between rounds of retries"),
        concurrency=_one(fields.find("concurrency"), 1, "several runs of one pipeline at a time"),
        execution_priority_order=_order(fields.find("executionPriorityOrder")),
    )


def _one(node: Node, low: int, more_would_be: str) -> int:
    """A number that can only be 1 so far. Data Factory's own wizard writes longRetry 0 for no second round."""
    number = node.whole_number(low, 10)
    if number is not None and number > 1:
        node.not_supported_yet(more_would_be)
    return 1 if number is None else max(1, number)


def _no_wait(fields: Fields, name: str, what: str) -> timedelta:
    """A duration that can only be 00:00:00 so far."""
    node = fields.find(name)
    duration = read_duration(node) or _NONE
    if duration:
        node.not_supported_yet(what)
    return duration


def _order(node: Node) -> ExecutionPriorityOrder:
    text = node.text()
    if text is None or isinstance(text, Unset):
        return ExecutionPriorityOrder.OLDEST_FIRST
    if text not in set(ExecutionPriorityOrder):
        node.fault(f"is no order; expected {' or '.join(ExecutionPriorityOrder)}")
        return ExecutionPriorityOrder.OLDEST_FIRST
    return ExecutionPriorityOrder(text)
