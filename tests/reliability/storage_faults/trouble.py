"""What can happen to a request to storage on its way."""

from dataclasses import dataclass
from enum import StrEnum


class Mishap(StrEnum):
    """What becomes of the request."""

    REFUSED = "refused"
    """Storage answers with `status` and `code`; nothing is carried out."""
    LOST = "lost"
    """The connection is reset before storage has the request."""
    CUT = "cut"
    """It is carried out, and the connection is reset in the middle of the answer."""
    SLOW = "slow"
    """It is carried out, and the answer takes `seconds`."""


@dataclass(frozen=True)
class Trouble:
    """A mishap for this `share` of the requests that it is about: those with one of `methods`, to this `place`.

    `name` is what the table calls it. `status` and `code` are Azure Storage's own
    (https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes).
    """

    name: str
    mishap: Mishap
    status: int = 0
    code: str = ""
    seconds: float = 0.0
    methods: frozenset[str] = frozenset({"GET", "HEAD", "PUT", "DELETE"})
    place: str = "/"
    share: float = 0.3

    def is_about(self, method: str, path: str) -> bool:
        """Whether a request is one of those that are counted."""
        return method in self.methods and self.place in path


WRITES = frozenset({"PUT"})

BUSY = Trouble("503 ServerBusy", Mishap.REFUSED, 503, "ServerBusy")
INTERNAL = Trouble("500 InternalError", Mishap.REFUSED, 500, "InternalError")
BEING_DELETED = Trouble("409 ContainerBeingDeleted", Mishap.REFUSED, 409, "ContainerBeingDeleted", methods=WRITES)
NOT_MET = Trouble("412 ConditionNotMet", Mishap.REFUSED, 412, "ConditionNotMet", methods=WRITES, place="/state-")
LOST = Trouble("a reset before the request is read", Mishap.LOST)
CUT = Trouble("a reset in mid-answer, the request carried out", Mishap.CUT)
SLOW = Trouble("an answer after 2 s", Mishap.SLOW, seconds=2.0)

TROUBLES = (BUSY, INTERNAL, BEING_DELETED, NOT_MET, LOST, CUT, SLOW)
"""412 and 409 here are answers that no other write caused; CUT brings the real ones: the second try is refused."""
