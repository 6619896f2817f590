"""What the host's worker knows of an invocation is known in every thread of it.

The worker finds the invocation that a log line belongs to in a context variable (`invocation_id_cv` of
azure-functions-runtime); a line without one does not reach Application Insights as the function's.
"""

from contextvars import ContextVar
from dataclasses import replace

from functions.retraining.workflows.app import Level
from tests.support.world import make_app, make_world, pipeline

INVOCATION: ContextVar[str] = ContextVar("INVOCATION", default="")


class _Witness:
    """A journal that writes down in which invocation it was called."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {}

    def event(self, name: str, level: Level = Level.INFO, /, **facts: object) -> None:
        del level, facts
        self.seen.setdefault(name, set()).add(INVOCATION.get())

    def defect(self, name: str, error: Exception, /, **facts: object) -> None:
        del facts
        raise AssertionError(name) from error


def test_every_line_of_a_tick_belongs_to_the_ticks_invocation() -> None:
    world = make_world(pipeline("a"), pipeline("b"))
    witness = _Witness()
    app = replace(make_app(world), journal=witness)
    for name in ("a", "b"):
        world.announce(app, world.upload("x.csv", name))
    witness.seen.clear()

    INVOCATION.set("tick-1")
    world.tick(app, 5)

    assert "run_succeeded" in witness.seen
    assert set().union(*witness.seen.values()) == {"tick-1"}
