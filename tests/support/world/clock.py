"""A clock that goes when it is told to."""

from datetime import UTC, datetime, timedelta

DAWN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class SettableClock:
    """Keeps the promise of `core.ports.Clock`."""

    def __init__(self) -> None:
        self._now = DAWN

    def now(self) -> datetime:
        """UTC, aware."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
