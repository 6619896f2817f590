"""What a person or a script sees: one line or one JSON object for each event."""

import json
import sys
import time
from collections.abc import Callable


class Console:
    """Prints events with the seconds since it was made; to standard output unless told where."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        self._write = write or sys.stdout.write
        self._started = time.monotonic()

    def event(self, name: str, words: str, **facts: object) -> None:
        """One thing that happened: `words` for people; `facts` are for scripts."""
        self._line(f"{time.monotonic() - self._started:6.1f} s  {name:<12} {words}", {"event": name, **facts})

    def result(self, words: str, **facts: object) -> None:
        """The last line."""
        self._line(f"\n{words}", {"event": "result", **facts})

    def _line(self, text: str, facts: dict[str, object]) -> None:
        del facts
        self._write(f"{text}\n")
        sys.stdout.flush()


class JsonConsole(Console):
    """Prints the same events as one JSON object a line."""

    def _line(self, text: str, facts: dict[str, object]) -> None:
        del text
        seconds = round(time.monotonic() - self._started, 3)
        self._write(json.dumps({**facts, "seconds": seconds}, default=str) + "\n")
        sys.stdout.flush()
