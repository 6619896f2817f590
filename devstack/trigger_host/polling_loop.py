"""A step done again and again in a thread of its own, that outlives storage being away."""

import logging
import threading
from collections.abc import Callable

from azure.core.exceptions import AzureError

# While storage is away there is no point in asking more often than this.
OUTAGE_PAUSE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class PollingLoop:
    """Calls `step` every `seconds`, at once when woken. An outage is logged when it begins and when it ends."""

    def __init__(self, name: str, step: Callable[[], None], seconds: float) -> None:
        self._name = name
        self._step = step
        self._seconds = seconds
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a first step at once."""
        self._thread.start()

    def wake(self) -> None:
        """Do the next step now instead of after the pause."""
        self._woken.set()

    def stop(self) -> None:
        """Begin no further step. Returns at once."""
        self._stopped.set()
        self._woken.set()

    def join(self, seconds: float) -> bool:
        """Wait for the step under way; return whether the loop has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            if self._stopped.is_set():  # a stop between the two lines above would lose its wake
                return
            if self._attempt():
                self._woken.wait(self._seconds)
            else:
                self._stopped.wait(max(self._seconds, OUTAGE_PAUSE_SECONDS))

    def _attempt(self) -> bool:
        try:
            self._step()
        except AzureError as error:
            if not self._is_failing:
                _log.warning(
                    "%s: storage does not answer as it should, trying again: %s", self._name, _first_line(error)
                )
            self._is_failing = True
        except Exception:
            _log.exception("%s: an error of this host itself, trying again", self._name)
            self._is_failing = True
        else:
            if self._is_failing:
                _log.warning("%s: works again", self._name)
            self._is_failing = False
        return not self._is_failing


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
