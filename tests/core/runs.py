"""Runs in any status, made in one line."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from functions.retraining.core.blobs import BlobVersion, Model
from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.policy import Policies
from functions.retraining.core.run import Job, Origin, Run, RunStatus, Update, new_run
from functions.retraining.core.slot import Holder, Slot, SlotClaim

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
BLOB = BlobVersion(container="examples", name="p/day1.csv", etag="0x8D1", last_modified=NOW - HALF_HOUR, size=10)
MODEL = Model(container="models", name="p/one.ilearner", archived_at=NOW)
CLAIM = SlotClaim(etag="e1", slot=Slot(pipeline="p", active=(Holder(run="r", since=NOW),)))
AGAIN, ONE = ActivityPolicy(retry=1, timeout=HALF_HOUR), ActivityPolicy(timeout=HALF_HOUR)
POLICIES = Policies(AGAIN, {"update": AGAIN})
ONCE = Policies(ONE, {"update": ONE})
UPDATE = Update(activity="update", started_at=NOW, next_check_at=NOW)

_FACTS: dict[RunStatus, dict[str, Any]] = {
    RunStatus.WAITING: {},
    RunStatus.SUBMITTING: {"attempt": 1, "attempt_started_at": NOW, "claim": CLAIM},
    RunStatus.SUBMITTED: {
        "attempt": 1, "attempt_started_at": NOW, "claim": CLAIM, "job": Job(id="job1", submitted_at=NOW),
    },
    RunStatus.RUNNING: {
        "attempt": 1, "attempt_started_at": NOW, "claim": CLAIM, "job": Job(id="job1", submitted_at=NOW),
    },
    RunStatus.UPDATING: {
        "attempt": 1, "claim": CLAIM, "job": Job(id="job1", submitted_at=NOW), "model": MODEL,
        "updates": (UPDATE,),
    },
}  # fmt: skip


def run_in(status: RunStatus, origin: Origin = Origin.LABELED_EXAMPLE, **facts: Any) -> Run:  # noqa: ANN401 - Run's
    """A run as it is in this status, at rest since NOW."""
    return replace(new_run("p", origin, BLOB, NOW), status=status, **(_FACTS.get(status, {}) | facts))
