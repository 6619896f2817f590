"""Faults on order: what shall go wrong, at which route, how often."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Self

ANY_ROUTE: Final = "*"


class FaultKind(StrEnum):
    """What can go wrong. The first nine strike any call, the last five only a job or an update."""

    HTTP_ERROR = "http_error"
    """An error answer in the service's shape; the call is not carried out."""
    GARBAGE = "garbage"
    """An HTML page, as a proxy in between would send; the call is not carried out."""
    SLOW = "slow"
    """The call is carried out after `seconds`."""
    LOST_REQUEST = "lost_request"
    """The connection is dropped; the call is not carried out."""
    LOST_REPLY = "lost_reply"
    """The call is carried out, then the connection is dropped without a byte."""
    RESET = "reset"
    """The call is carried out, then the connection is reset in the middle of the answer."""
    TRUNCATED = "truncated"
    """The call is carried out, and the second half of the answer's body is missing, with nothing to show it."""
    JUNK = "junk"
    """The call is carried out; in place of its answer come ten million bytes of junk."""
    DRIP = "drip"
    """The call is carried out; of its answer, the head too, one byte comes every `seconds`."""
    JOB_FAILS = "job_fails"
    """Strikes `bes.start`: the job ends Failed with `details`."""
    JOB_STALLS = "job_stalls"
    """Strikes `bes.start`: the job never leaves NotStarted."""
    JOB_VANISHES = "job_vanishes"
    """Strikes `bes.status`: the service knows the job no more."""
    EXPIRED_SAS = "expired_sas"
    """Strikes `bes.status` of a finished job: the token in Results has expired already."""
    OPERATION_FAILS = "operation_fails"
    """Strikes `arm.patch_web_service`: the update ends Failed with `code` and `message`."""


TRANSPORT_FAULTS: Final = frozenset(
    {
        FaultKind.HTTP_ERROR,
        FaultKind.GARBAGE,
        FaultKind.SLOW,
        FaultKind.LOST_REQUEST,
        FaultKind.LOST_REPLY,
        FaultKind.RESET,
        FaultKind.TRUNCATED,
        FaultKind.JUNK,
        FaultKind.DRIP,
    }
)
_OWN_ROUTES: Final[Mapping[FaultKind, str]] = {
    FaultKind.JOB_FAILS: "bes.start",
    FaultKind.JOB_STALLS: "bes.start",
    FaultKind.JOB_VANISHES: "bes.status",
    FaultKind.EXPIRED_SAS: "bes.status",
    FaultKind.OPERATION_FAILS: "arm.patch_web_service",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault on order.

    `route` is a route's name (`bes.submit`, `management.patch_endpoint`, ...) or `*`; a job's or an update's fault
    needs none. The first `skip` matching calls pass, the next `count` are struck. `status`, `code` and `message` shape
    an `http_error` (`status` also the `garbage` and the `junk`; code and message also a failed update), `retry_after`
    adds that header in seconds, `seconds` is how slow, `details` what a failing job says.
    """

    kind: FaultKind
    route: str = ""
    count: int = 1
    skip: int = 0
    status: int = 0
    code: str = "RequestThrottled"
    message: str = "Injected: the service cannot answer now."
    retry_after: float | None = None
    seconds: float = 1.0
    details: str = "Injected: the module failed."

    def __post_init__(self) -> None:
        if self.count < 1 or self.skip < 0 or self.seconds < 0:
            raise ValueError("a fault's count is 1 or more, its skip and seconds are zero or more")

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read a fault from JSON; raises TypeError or ValueError for what is not one."""
        return cls(**{**wire, "kind": FaultKind(wire.get("kind", ""))})

    def to_wire(self) -> dict[str, Any]:
        """The form `from_wire` reads."""
        return asdict(self)


@dataclass
class FaultBoard:
    """The faults on order, in the order they were given; each is struck off when it has struck often enough."""

    routes: Collection[str]
    _faults: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Order a fault. Raises ValueError for a route that does not exist or that its kind cannot strike."""
        expected = _OWN_ROUTES.get(fault.kind)
        route = fault.route or expected or ""
        if expected and route != expected:
            raise ValueError(f"a fault of kind {fault.kind} strikes {expected}, not {route!r}")
        if route != ANY_ROUTE and route not in self.routes:
            raise ValueError(f"no route {route!r}: there are {', '.join(sorted(self.routes))} and {ANY_ROUTE}")
        with self._lock:
            self._faults.append(replace(fault, route=route))

    def strike(self, route: str, kinds: Collection[FaultKind]) -> Fault | None:
        """The first fault on order for this call, counted; None if there is none."""
        with self._lock:
            matching = (f for f in self._faults if f.kind in kinds and f.route in (route, ANY_ROUTE))
            fault = next(matching, None)
            if fault is None:
                return None
            self._count(fault)
            return None if fault.skip else fault

    def pending(self) -> list[Fault]:
        """What is still on order."""
        with self._lock:
            return list(self._faults)

    def clear(self) -> None:
        """Nothing shall go wrong any more."""
        with self._lock:
            self._faults.clear()

    def _count(self, fault: Fault) -> None:
        # By identity: two equal faults on order are two faults.
        at = next(index for index, candidate in enumerate(self._faults) if candidate is fault)
        if fault.skip:
            self._faults[at] = replace(fault, skip=fault.skip - 1)
        elif fault.count > 1:
            self._faults[at] = replace(fault, count=fault.count - 1)
        else:
            del self._faults[at]
