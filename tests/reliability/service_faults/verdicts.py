"""What must come of each fault at each call, by the services' documents: docs/wire/errors.md and its neighbours.

Written down here from what is published about the services, not from what the app does.
"""

from enum import StrEnum

from .calls import ARM_GET, ARM_PATCH, ARM_VERIFY, OPERATION, START, STATUS, TOKEN, Call


class Verdict(StrEnum):
    """What a run must make of a fault."""

    HEALS = "heals"
    """The run succeeds in its first attempt of training, once the fault is over."""
    ENDS = "ends at once"
    """The run fails with the first such answer, in the service's own words."""
    COSTS_AN_ATTEMPT = "costs an attempt"
    """The job is lost: the activity's policy says how often training is tried anew."""


FOR_GOOD = frozenset({401, 403, 404, 409, 413})
"""Unauthorized, forbidden, NotFound, Conflict (ModelOutputMetadataMismatch), MemoryQuotaViolation: no waiting helps."""

PASSES = frozenset({408, 429, 500, 503, 504})
"""RequestTimeout, throttling by the general rule, InternalError, ServiceUnavailable (throttling), GatewayTimeout."""

_JOB = (START, STATUS)
_UPDATE_UNDER_WAY = (ARM_GET, ARM_PATCH, OPERATION, ARM_VERIFY)


def verdict_of_status(status: int, call: Call) -> Verdict:
    """What must come of an error answer of this status. Raises KeyError for a status that the table lacks."""
    if status == 404 and call in _JOB:
        return Verdict.COSTS_AN_ATTEMPT  # the service does not know the job any more
    if status == 404 and call == OPERATION:
        return Verdict.HEALS  # the web service itself says what it serves
    if status == 409 and call in _UPDATE_UNDER_WAY:
        return Verdict.HEALS  # another update is under way, which ends
    if status in FOR_GOOD:
        return Verdict.ENDS
    if status in PASSES:
        return Verdict.HEALS
    message = f"no verdict about status {status}"
    raise KeyError(message)


def words_of_status(status: int, call: Call) -> tuple[str, str]:
    """Code and message of such an answer: a token service speaks of itself in numbers (AADSTS) where it refuses."""
    if call != TOKEN:
        return f"Code{status}", f"The service's own words about {status}."
    if status in FOR_GOOD:
        return "invalid_client", f"AADSTS7000215: The token service's own words about {status}."
    return "temporarily_unavailable", f"The token service's own words about {status}."
