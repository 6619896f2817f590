"""The time, as the app takes it from its host."""

from datetime import UTC, datetime


class SystemClock:
    """Keeps the promise of `core.ports.Clock`."""

    def now(self) -> datetime:
        """UTC, aware, whole milliseconds: the documents stay readable."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
