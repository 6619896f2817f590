"""What one suite tried and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the table: what was tried, how often, and how often every promise held."""

    tried: str
    times: int
    held: int
    figures: str = ""
    """What was measured on the way, with units."""
    troubles: tuple[str, ...] = ()
    """What did not hold, in words; one for each failure, or the first few of them."""

    @property
    def good(self) -> bool:
        """Whether something was tried, and all of it held."""
        return self.times > 0 and self.held == self.times and not self.troubles
