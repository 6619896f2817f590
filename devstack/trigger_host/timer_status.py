"""A timer's status: when it last ran and when it is due, kept in storage so that a missed tick is made up for at start.

Blob `timers/{hostId}/Host.Functions.<fn>/status` = {"Last", "Next", "LastUpdated"}; rules of WebJobs.Extensions'
ScheduleMonitor.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from devstack.trigger_host.host_containers import HostBlobs
from devstack.trigger_host.timer_schedule import TimerSchedule

# .NET's default(DateTime): it never ran.
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class TimerStatus:
    """Times in UTC. `last` is NEVER before the first run; `next` follows from `last`, or else from `last_updated`."""

    last: datetime
    next: datetime
    last_updated: datetime

    @classmethod
    def first(cls, schedule: TimerSchedule, now: datetime) -> "TimerStatus":
        """Return the status of a timer that never ran."""
        return cls(NEVER, schedule.next_after(now), now)

    @classmethod
    def after_run(cls, schedule: TimerSchedule, began: datetime) -> "TimerStatus":
        """Return the status after a run that began (or counts as begun) then."""
        return cls(began, schedule.next_after(began), began)

    def under(self, schedule: TimerSchedule, now: datetime) -> "TimerStatus":
        """Return this status as it stands under the schedule of today.

        If the schedule was changed since, the old `next` means nothing, and a new one in the past is not past due.
        """
        base = self.last if self.last != NEVER else self.last_updated
        expected = schedule.next_after(base)
        if expected == self.next:
            return self
        if now > expected:
            base, expected = now, schedule.next_after(now)
        return TimerStatus(NEVER, expected, base)

    def as_json_fields(self) -> dict[str, str]:
        """Return the fields as the status blob and the function's ScheduleStatus spell them."""
        return {
            "Last": _text(self.last),
            "Next": _text(self.next),
            "LastUpdated": _text(self.last_updated),
        }


class TimerStatuses:
    """The status blobs of one host id."""

    def __init__(self, blobs: HostBlobs, host_id: str) -> None:
        self._blobs = blobs
        self._host_id = host_id

    def read(self, lookup_name: str) -> TimerStatus | None:
        """Return the recorded status; None if there is none, or one that cannot be read (as the real host does)."""
        content = self._blobs.read(self._path(lookup_name))
        try:
            fields = json.loads(content) if content else None
            return TimerStatus(*(_time(fields[key]) for key in ("Last", "Next", "LastUpdated"))) if fields else None
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, lookup_name: str, status: TimerStatus) -> None:
        """Record a status."""
        self._blobs.write(self._path(lookup_name), json.dumps(status.as_json_fields()).encode())

    def _path(self, lookup_name: str) -> str:
        return f"timers/{self._host_id}/{lookup_name}/status"


def _text(moment: datetime) -> str:
    return "0001-01-01T00:00:00" if moment == NEVER else moment.isoformat()


def _time(text: str) -> datetime:
    # .NET writes seven digits of a second, which fromisoformat cuts to six.
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
