"""The world outside the app, in memory: storage, services, clock and journal, kept as core/ports.py promises."""

from .app import World, make_app, make_world
from .definitions import pipeline, with_inputs, with_partitioned_output, with_updates
from .faults import Fault
from .steps import AFTER, BEFORE, Crash, Steps
from .training_service import Outcome

__all__ = [
    "AFTER",
    "BEFORE",
    "Crash",
    "Fault",
    "Outcome",
    "Steps",
    "World",
    "make_app",
    "make_world",
    "pipeline",
    "with_inputs",
    "with_partitioned_output",
    "with_updates",
]
