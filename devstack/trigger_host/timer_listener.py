"""One timer: waits, runs, records, in a thread of its own, so that its runs never overlap.

Rules of WebJobs.Extensions' TimerListener.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from azure.core.exceptions import AzureError

from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.timer_run import run_timer
from devstack.trigger_host.timer_status import TimerStatus, TimerStatuses
from devstack.trigger_host.triggers import TimerTrigger

# No single wait is longer, so that a changed clock (or a laptop that slept) is noticed.
LONGEST_WAIT_SECONDS = 30.0

_log = logging.getLogger(__name__)


class TimerListener:
    """Runs one timer function by its schedule. After an overrun the next run follows at once, missed ticks as one."""

    def __init__(self, trigger: TimerTrigger, statuses: TimerStatuses, invocations: Invocations) -> None:
        self._trigger = trigger
        self._statuses = statuses
        self._invocations = invocations
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"timer {trigger.function}", daemon=True)

    def start(self) -> None:
        """Begin: a past-due timer runs at once."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no further run. Returns at once."""
        self._stopped.set()

    def join(self, seconds: float) -> bool:
        """Wait for a run under way; return whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        now = datetime.now(UTC)
        status = self._recorded(now)
        if now > status.next:
            status = self._invoke(status, "timer, past due", is_past_due=True)
        elif self._trigger.run_on_startup:
            status = self._invoke(status, "timer, at startup")
        while self._await(status.next):
            status = self._invoke(status, "timer", scheduled=status.next)

    def _recorded(self, now: datetime) -> TimerStatus:
        """Return the status to begin with, written down so that the very first tick cannot be missed unnoticed."""
        schedule = self._trigger.schedule
        first = TimerStatus.first(schedule, now)
        if not self._trigger.use_monitor:
            return first
        recorded = self._with_storage(lambda: self._statuses.read(self._trigger.lookup_name))
        status = recorded.under(schedule, now) if recorded else first
        if status != recorded:
            self._record(status)
        return status

    def _await(self, due: datetime) -> bool:
        """Wait until then; return False if stopped before."""
        while not self._stopped.is_set():
            seconds = (due - datetime.now(UTC)).total_seconds()
            if seconds <= 0:
                return True
            self._stopped.wait(min(seconds, LONGEST_WAIT_SECONDS))
        return False

    def _invoke(
        self, status: TimerStatus, reason: str, *, is_past_due: bool = False, scheduled: datetime | None = None
    ) -> TimerStatus:
        began = datetime.now(UTC)
        told = status if self._trigger.use_monitor else None
        run_timer(self._invocations, self._trigger, told, reason, is_past_due=is_past_due)
        # A clock set back during the wait must not make the same occurrence come twice.
        status = TimerStatus.after_run(self._trigger.schedule, max(began, scheduled or began))
        if self._trigger.use_monitor:
            self._record(status)
        return status

    def _record(self, status: TimerStatus) -> None:
        self._with_storage(lambda: self._statuses.write(self._trigger.lookup_name, status))

    def _with_storage[T](self, action: Callable[[], T]) -> T | None:
        """Carry it out as far as storage allows: the schedule goes on without (as in the real host, best effort)."""
        try:
            return action()
        except AzureError as error:
            _log.warning("%s: the timer's status could not be read or written: %s", self._trigger.function, error)
            return None
