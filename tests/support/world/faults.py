"""What a call can be told to do instead of answering."""

from dataclasses import dataclass


@dataclass
class Fault:
    """The next `times` calls of `operation` (None: all until healed) raise `error`.

    `carried_out`: the call does its work before its answer is lost. `where` limits the fault to calls whose subject
    contains it. Another error than the app's own stands for a defect.
    """

    operation: str
    error: Exception
    times: int | None = 1
    carried_out: bool = False
    where: str = ""

    def hits(self, operation: str, subject: str) -> bool:
        """Whether this call is meant."""
        return operation == self.operation and self.where in subject and self.times != 0

    def used(self) -> None:
        """One call less."""
        if self.times is not None:
            self.times -= 1
