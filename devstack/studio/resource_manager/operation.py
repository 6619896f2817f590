"""One update under way, as `operationsStatus` shows it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from devstack.studio.pace import Gate, Hold

PROVISIONING: Final = "Provisioning"
SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"


@dataclass(frozen=True, slots=True)
class OperationError:
    """Why an update failed."""

    code: str
    message: str


class Operation:
    """An update that is carried out when its time has come: after so many calls, and so many seconds.

    `carry_out` is called then, once; it answers None, or why the update failed. `address_query` is what its URL has
    besides the api-version, and `signed` whether nobody is answered without it.
    """

    def __init__(self, number: str, hold: Hold, carry_out: Callable[[], OperationError | None]) -> None:
        self.id = number
        self.started_at = datetime.now(UTC)
        self.ended_at: datetime | None = None
        self.state = PROVISIONING
        self.error: OperationError | None = None
        self._hold, self._carry_out = hold, carry_out
        self._began = time.monotonic()
        self._calls = 0
        self._lock = threading.Lock()
        self._gate = Gate(hold, self._end)

    def begin(self) -> None:
        """Its time begins to run."""
        self._gate.arm()

    def count_call(self) -> None:
        """Somebody asks how it stands."""
        with self._lock:
            self._calls += 1
        self._gate.count_call()

    def give_up(self) -> None:
        """It shall not be carried out any more."""
        self._gate.shut()

    @property
    def percent_complete(self) -> float:
        """0 to 1, as the recorded operations had it: they began at about a half."""
        if self.state == SUCCEEDED:
            return 1.0
        by_calls = self._calls / (self._hold.calls + 1)
        by_time = (time.monotonic() - self._began) / self._hold.seconds if self._hold.seconds else 1.0
        return round(0.5 + 0.5 * min(by_calls, by_time, 0.98), 2)

    def _end(self) -> None:
        self.error = self._carry_out()
        self.ended_at = datetime.now(UTC)
        # Last: whoever sees the state shall see the rest of it.
        self.state = FAILED if self.error else SUCCEEDED
