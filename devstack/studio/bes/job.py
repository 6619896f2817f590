"""One training job, as the service keeps it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from devstack.studio.blob_reference import BlobReference
from devstack.studio.pace import Gate
from devstack.studio.training.workers import Worker


class JobStatus(IntEnum):
    """The states, numbered as the older replies did (azuremlps @87add70, vox_train_bes.json)."""

    NOT_STARTED = 0
    RUNNING = 1
    FAILED = 2
    CANCELLED = 3
    FINISHED = 4

    @property
    def text(self) -> str:
        """As the service's own swagger spells it; `Cancelled` with two l."""
        return {0: "NotStarted", 1: "Running", 2: "Failed", 3: "Cancelled", 4: "Finished"}[self.value]

    @property
    def is_final(self) -> bool:
        """Whether nothing follows."""
        return self >= JobStatus.FAILED


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a job shall do: the examples to train on, and where each output port's result goes."""

    endpoint_id: str
    examples: BlobReference
    outputs: Mapping[str, BlobReference]


@dataclass(slots=True)
class Job:
    """One job. Only the job board changes it, under its lock."""

    request: JobRequest
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: JobStatus = JobStatus.NOT_STARTED
    details: str | None = None
    was_started: bool = False
    order_to_fail: str | None = None
    gate: Gate | None = None
    worker: Worker | None = None
