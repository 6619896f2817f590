"""What the worker's index says, understood: one trigger per function, typed and with all settings filled in."""

from dataclasses import dataclass

from devstack.trigger_host.blob_path import BlobPath
from devstack.trigger_host.http_route import Route
from devstack.trigger_host.timer_schedule import TimerSchedule


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """What every trigger has: its function's name, the worker's id for it, and the parameter it fills."""

    function: str
    function_id: str
    argument: str

    @property
    def lookup_name(self) -> str:
        """The name under which the host's storage keeps this function's state (WebJobs: descriptor id)."""
        return f"Host.Functions.{self.function}"

    @property
    def short_name(self) -> str:
        """The other name by which a message may ask for this function (WebJobs: descriptor's short name)."""
        return f"Functions.{self.function}"

    def __str__(self) -> str:
        return self.function


@dataclass(frozen=True, kw_only=True)
class BlobTrigger(Trigger):
    """A blob trigger that polls, or is told by Event Grid. `connection` names the setting of the data account."""

    path: BlobPath
    connection: str
    polls: bool

    def __str__(self) -> str:
        how = "polling" if self.polls else "Event Grid,"
        return f"{self.function}: blobTrigger, {how} {self.path.text}"


@dataclass(frozen=True, kw_only=True)
class QueueTrigger(Trigger):
    """A queue trigger. `connection` is the name of the setting that holds the queue's account."""

    queue: str
    connection: str

    def __str__(self) -> str:
        return f"{self.function}: queueTrigger, {self.queue}"


@dataclass(frozen=True, kw_only=True)
class TimerTrigger(Trigger):
    """A timer trigger. `use_monitor`: keep its status in storage, so that a missed tick is made up for at start."""

    schedule: TimerSchedule
    use_monitor: bool
    run_on_startup: bool

    def __str__(self) -> str:
        return f"{self.function}: timerTrigger, {self.schedule.text} (UTC)"


@dataclass(frozen=True, kw_only=True)
class HttpTrigger(Trigger):
    """An HTTP route. `methods` is empty if all are answered; `auth_level` is anonymous, function or admin."""

    route: Route
    methods: frozenset[str]
    auth_level: str

    def __str__(self) -> str:
        methods = ",".join(sorted(self.methods)) or "any method"
        return f"{self.function}: httpTrigger, {methods} on {self.route.text!r} ({self.auth_level})"
