"""One run of a timer function, scheduled or by hand, and what it is told."""

import json

from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.protobuf_stand_in import TypedData
from devstack.trigger_host.timer_status import TimerStatus
from devstack.trigger_host.triggers import TimerTrigger


def run_timer(
    invocations: Invocations,
    trigger: TimerTrigger,
    status: TimerStatus | None,
    reason: str,
    *,
    is_past_due: bool,
) -> None:
    """Invoke a timer function and wait for its end. A failure is told on the console and changes nothing else.

    `status` is what the function sees as ScheduleStatus: None if the schedule is not monitored.
    """
    timer_info = {
        "Schedule": {"AdjustForDST": True},
        "ScheduleStatus": status.as_json_fields() if status else None,
        "IsPastDue": is_past_due,
    }
    invocations.run(trigger, TypedData(json=json.dumps(timer_info)), reason)
