"""Every call to the outside, counted: the one place where hosts die, calls fail and other hosts come between."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .faults import Fault

BEFORE = "before"
AFTER = "after"


class Crash(BaseException):
    """The host died. No `except Exception` outlives it."""


@dataclass
class Steps:
    """The calls made so far, by name, and what is to happen at which of them (counted from 1).

    `crash_after` (operation, n) kills the host after the n-th call of an operation, counted from the beginning.
    After a crash the host stays dead: whatever it still tries raises Crash, until `revive`.
    """

    calls: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    crashes: set[tuple[int, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    interludes: dict[tuple[int, str], Callable[[], None]] = field(default_factory=dict)
    crash_after: tuple[str, int] | None = None
    dead: bool = False

    def step[T](self, operation: str, subject: str, act: Callable[[], T]) -> T:
        """Make the call `act`, unless something is to happen instead."""
        if self.dead:
            raise Crash
        number = self._counted(operation, subject)
        self._interrupted(number, BEFORE)
        self._crashed(number, BEFORE)
        fault = next((each for each in self.faults if each.hits(operation, subject)), None)
        answer = self._answered(act, fault)
        self._interrupted(number, AFTER)
        self._crashed(number, AFTER)
        return answer

    def revive(self) -> None:
        """A new host process: it remembers nothing, because the old one's memory is gone."""
        self.dead = False

    def fail(self, fault: Fault) -> Fault:
        """Arrange for a fault."""
        self.faults.append(fault)
        return fault

    def heal(self) -> None:
        """No more faults."""
        self.faults.clear()

    def count(self, operation: str) -> int:
        """How often this was called."""
        return self.calls.count(operation)

    def _counted(self, operation: str, subject: str) -> int:
        self.calls.append(operation)
        self.subjects.append(subject)
        return len(self.calls)

    def _interrupted(self, number: int, side: str) -> None:
        interlude = self.interludes.pop((number, side), None)
        if interlude:
            interlude()

    def _crashed(self, number: int, side: str) -> None:
        if (number, side) in self.crashes or self._named_crash(number, side):
            self.dead = True
            raise Crash

    def _named_crash(self, number: int, side: str) -> bool:
        if self.crash_after is None or side == BEFORE:
            return False
        operation, times = self.crash_after
        so_far = self.calls[:number]
        return so_far[-1] == operation and so_far.count(operation) == times

    def _answered[T](self, act: Callable[[], T], fault: Fault | None) -> T:
        if fault is None:
            return act()
        fault.used()
        if fault.carried_out:
            act()
        raise fault.error
