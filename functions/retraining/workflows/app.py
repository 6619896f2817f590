"""What every workflow is given: the pipelines with their services, storage, the clock and the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.policy import Policies
from functions.retraining.core.ports import BatchExecution, Clock, ExampleBlobs, ModelArchive, RunStore, ScoringService


class Level(IntEnum):
    """How much a journal line matters; the numbers are logging's."""

    INFO = 20
    WARNING = 30
    ERROR = 40


class Journal(Protocol):
    """Where it is written down what happened."""

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        """One line: the event's name and its facts. Never a secret."""

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        """One line for an error nobody expected, with its traceback."""


@dataclass(frozen=True)
class PipelineServices:
    """A pipeline and the web services it speaks to; `scoring` by update resource activity."""

    pipeline: Pipeline
    policies: Policies
    batch_execution: BatchExecution
    scoring: Mapping[str, ScoringService]


@dataclass(frozen=True)
class App:
    """Everything a workflow needs. `looks_at_once` bounds the threads of one tick.

    `dead_letter_container` is where Event Grid puts what it could not deliver, if anybody wants to hear of it.
    """

    pipelines: Mapping[str, PipelineServices]
    runs: RunStore
    blobs: ExampleBlobs
    archive: ModelArchive
    clock: Clock
    journal: Journal
    looks_at_once: int = 8
    dead_letter_container: str = ""
