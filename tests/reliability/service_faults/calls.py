"""Every call that the app makes to the services in a run, and where each comes on its way."""

from dataclasses import dataclass
from enum import StrEnum

TRAINING = "training"
SCORING = "scoring"


class Kind(StrEnum):
    """The two kinds of scoring web service."""

    CLASSIC = "classic"
    RESOURCE_MANAGER = "arm"


@dataclass(frozen=True)
class Call:
    """One call. The fault strikes it from the `skip`-th call of its `route` on (counted from 0).

    On the relay `way` it is the `connection`-th connection of a run (counted from 0): each call has its own.
    """

    name: str
    kind: Kind
    route: str
    skip: int
    way: str
    connection: int

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


SUBMIT = Call("submit", Kind.CLASSIC, "bes.submit", 0, TRAINING, 0)
START = Call("start", Kind.CLASSIC, "bes.start", 0, TRAINING, 1)
STATUS = Call("status", Kind.CLASSIC, "bes.status", 0, TRAINING, 2)
READ = Call("read endpoint", Kind.CLASSIC, "management.get_endpoint", 0, SCORING, 0)
PATCH = Call("PATCH", Kind.CLASSIC, "management.patch_endpoint", 0, SCORING, 1)
VERIFY = Call("verify", Kind.CLASSIC, "management.get_endpoint", 1, SCORING, 2)

# Of the Resource Manager kind: metadata, token, GET to read, GET to change, PATCH, the operation twice, GET to verify.
TOKEN = Call("token", Kind.RESOURCE_MANAGER, "token.issue_v2", 0, SCORING, 0)
ARM_GET = Call("GET", Kind.RESOURCE_MANAGER, "arm.get_web_service", 0, SCORING, 2)
ARM_PATCH = Call("PATCH", Kind.RESOURCE_MANAGER, "arm.patch_web_service", 0, SCORING, 4)
OPERATION = Call("operation status", Kind.RESOURCE_MANAGER, "arm.operation_status", 0, SCORING, 5)
ARM_VERIFY = Call("verify", Kind.RESOURCE_MANAGER, "arm.get_web_service", 2, SCORING, 7)

CALLS = (SUBMIT, START, STATUS, READ, PATCH, VERIFY, TOKEN, ARM_GET, ARM_PATCH, OPERATION, ARM_VERIFY)
