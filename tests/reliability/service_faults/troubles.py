"""The faults: how each is made, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from devstack.studio import Fault, FaultKind

from .calls import Call
from .relay import Breakage
from .verdicts import Verdict, verdict_of_status, words_of_status

MANY = 1_000_000
"""More than any run calls: until the fault is taken back."""

DRIP_SECONDS = 0.02


@dataclass(frozen=True)
class Trouble:
    """A fault of a service, made by the studio (`fault`) or on the way to it (`breakage`)."""

    name: str
    verdict: Callable[[Call], Verdict]
    fault: Fault | None = None
    breakage: Breakage | None = None
    status: int | None = None
    wish: float = 0.0
    """The seconds that the service asks for with Retry-After."""

    def __str__(self) -> str:
        return self.name

    def at(self, call: Call) -> Fault | None:
        """The studio's fault at this call."""
        if self.fault is None:
            return None
        fault = replace(self.fault, route=call.route, skip=call.skip, count=MANY)
        if self.status is None:
            return fault
        code, message = words_of_status(self.status, call)
        return replace(fault, code=code, message=message)


def _answer(status: int, wish: float = 0.0) -> Trouble:
    fault = Fault(FaultKind.HTTP_ERROR, status=status, retry_after=wish or None)
    name = f"{status} with Retry-After" if wish else f"{status}"
    return Trouble(name, partial(verdict_of_status, status), fault, status=status, wish=wish)


def _heals(name: str, fault: Fault | None = None, breakage: Breakage | None = None) -> Trouble:
    return Trouble(name, _always_heals, fault, breakage)


def _always_heals(_: Call) -> Verdict:
    """Nothing was refused: the call may work later."""
    return Verdict.HEALS


ANSWERS = tuple(_answer(status) for status in (401, 403, 404, 408, 409, 413, 429, 500, 503, 504))
WISHES = (_answer(503, wish=240), _answer(429, wish=240))
BROKEN = (
    _heals("connection refused", breakage=Breakage.REFUSED),
    _heals("certificate of a stranger", breakage=Breakage.STRANGER),
    _heals("TLS handshake refused", breakage=Breakage.NO_HANDSHAKE),
    _heals("reset mid-answer", Fault(FaultKind.RESET)),
    _heals("reply lost", Fault(FaultKind.LOST_REPLY)),
    _heals("HTML with 200", Fault(FaultKind.GARBAGE)),
    _heals("truncated JSON", Fault(FaultKind.TRUNCATED)),
    _heals("10 MB of junk", Fault(FaultKind.JUNK)),
    _heals("an answer that drips", Fault(FaultKind.DRIP, seconds=DRIP_SECONDS)),
)
TROUBLES = (*ANSWERS, *WISHES, *BROKEN)


def drips(trouble: Trouble) -> bool:
    """Whether its answers take real time: the clients then wait less for one."""
    return trouble.fault is not None and trouble.fault.kind is FaultKind.DRIP
