"""NCRONTAB: `{second} {minute} {hour} {day} {month} {day-of-week}`, in UTC; five fields mean second 0.

Day and day-of-week must both match, as in NCRONTAB (Unix cron takes either). croniter does the arithmetic; what it
knows beyond NCRONTAB (`@daily`, `L`, `#`, a year field) is refused here, since the real host would refuse it.
"""

import re
from datetime import datetime, timedelta
from itertools import pairwise

from croniter import croniter

from devstack.trigger_host.errors import TriggerHostError

_NUMBER = re.compile(r"[0-9*/,\-]+")
_WORD = re.compile(r"[A-Za-z]{3,9}")
_NAME = re.compile(rf"(?:[0-9*/,\-]|{_WORD.pattern})+")


class TimerSchedule:
    """When a timer fires. Equal text means equal schedule."""

    def __init__(self, text: str) -> None:
        self.text = text
        # croniter knows the names by three letters only; NCRONTAB takes "Monday" as well.
        self._fields = _WORD.sub(lambda name: name[0][:3], " ".join(_six_fields(text)))

    def next_after(self, moment: datetime) -> datetime:
        """Return the first occurrence strictly after `moment` (aware, UTC)."""
        times = croniter(self._fields, moment, second_at_beginning=True, day_or=False)
        following: datetime = times.get_next(datetime)
        return following

    def fires_within_a_minute(self, moment: datetime) -> bool:
        """Whether two of the next occurrences lie less than a minute apart."""
        occurrences = [moment := self.next_after(moment) for _ in range(5)]
        return any(later - earlier < timedelta(minutes=1) for earlier, later in pairwise(occurrences))


def parse_schedule(text: str, now: datetime, where: str) -> TimerSchedule:
    """Parse an NCRONTAB schedule; `where` names function and binding for the TriggerHostError on a bad one."""
    try:
        schedule = TimerSchedule(text)
        schedule.next_after(now)
    except (ValueError, KeyError, ArithmeticError) as error:
        raise TriggerHostError(
            f"{where}: the schedule {text!r} is not NCRONTAB "
            f"('second minute hour day month day-of-week', e.g. '0 */5 * * * *'): {error}"
        ) from error
    return schedule


def _six_fields(text: str) -> list[str]:
    fields = text.split()
    if len(fields) == 5:
        fields.insert(0, "0")
    if len(fields) != 6:
        raise ValueError(f"expected 6 fields (or 5), found {len(fields)}")
    for position, field in enumerate(fields):
        names_allowed = position >= 4
        if not (_NUMBER.fullmatch(field) or (names_allowed and _NAME.fullmatch(field))):
            raise ValueError(f"cannot read {field!r}")
    return fields
