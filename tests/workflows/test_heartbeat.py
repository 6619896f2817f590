"""A tick and a sweep each say that they were there, and what has been left lying."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.retraining.core.errors import TransientError
from functions.retraining.workflows.app import Level
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import Crash, Fault, World, make_app, make_world, pipeline

TEN_MINUTES = timedelta(minutes=10)


def heartbeat(world: World) -> dict[str, object]:
    """The facts of the last tick."""
    return world.journal.named("runs_polled")[-1].facts


def test_an_idle_tick_is_a_heartbeat_too() -> None:
    world = make_world()
    poll_runs(make_app(world))
    assert heartbeat(world) == {
        "open": 0,
        "active": 0,
        "due": 0,
        "ended": 0,
        "overdue_seconds": 0,
        "active_seconds": 0,
        "took_seconds": 0.0,
    }


def test_a_tick_counts_what_trains_and_what_waits_and_names_the_longest_attempt() -> None:
    world = make_world()
    world.training["retraining"].lasts = timedelta(hours=1)
    app = make_app(world)
    world.announce(app, world.upload("day1.csv"))
    world.announce(app, world.upload("day2.csv"))
    world.tick(app, 1, every=TEN_MINUTES)
    first, second = (run.id for run in sorted(world.open_runs(), key=lambda run: run.status == "waiting"))
    found = heartbeat(world)
    assert (found["open"], found["active"], found["ended"]) == (2, 1, 0)
    assert (found["active_seconds"], found["active_run"]) == (600, first)
    assert found["overdue_seconds"] == 0
    assert second not in found.values()


def test_the_tick_that_sees_a_run_end_says_so() -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 5)
    assert [line.facts["ended"] for line in world.journal.named("runs_polled")].count(1) == 1
    assert heartbeat(world)["open"] == 0


def test_a_step_that_no_look_moves_on_is_overdue_since_its_lease_ended() -> None:
    world = make_world()
    world.steps.crash_after = ("run.write", 1)
    with pytest.raises(Crash):
        world.announce(make_app(world), world.upload())
    world.steps.revive()
    world.steps.fail(Fault("run.read", TransientError("read", "busy", status=503), times=None))
    (run,) = world.open_runs()
    app = make_app(world)
    world.tick(app, 1, every=TEN_MINUTES)
    assert heartbeat(world)["overdue_seconds"] == (world.clock.now() - run.next_check_at).total_seconds()
    assert heartbeat(world)["overdue_run"] == run.id
    world.steps.heal()
    world.tick(app, 2)
    assert heartbeat(world)["overdue_seconds"] == 0


def test_a_run_that_waits_in_line_is_not_overdue() -> None:
    world = make_world(replace(pipeline(), is_paused=True))
    app = make_app(world)
    world.announce(app, world.upload())
    world.tick(app, 3, every=TEN_MINUTES)
    assert heartbeat(world)["overdue_seconds"] == 0


def test_a_tick_whose_list_fails_gives_no_heartbeat() -> None:
    world = make_world()
    world.steps.fail(Fault("runs.list", TransientError("list", "busy", status=503), times=None))
    with pytest.raises(TransientError):
        poll_runs(make_app(world))
    assert world.journal.named("runs_polled") == []


def test_a_sweep_says_what_it_went_through_and_what_it_found() -> None:
    world = make_world()
    world.upload("day1.csv")
    app = make_app(world)
    sweep_examples(app)
    sweep_examples(app)
    facts = [line.facts for line in world.journal.named("examples_swept")]
    assert [(each["pipelines"], each["blobs"], each["found"]) for each in facts] == [(1, 1, 1), (1, 1, 0)]


def dead_letters(world: World) -> list[dict[str, object]]:
    """Sweep with the container of dead letters set; the facts of what was said about it."""
    sweep_examples(replace(make_app(world), dead_letter_container="deadletter"))
    return [line.facts for line in world.journal.named("dead_letters_found")]


def test_dead_letters_are_told_of_at_each_sweep_until_somebody_removes_them() -> None:
    world = make_world()
    world.blobs.put("deadletter", "START/2026/11/22/8/a.json")
    world.passes(TEN_MINUTES)
    newest = world.blobs.put("deadletter", "START/2026/11/22/8/b.json")
    told = {"container": "deadletter", "count": 2, "newest": newest.last_modified}
    assert dead_letters(world) == [told]
    assert dead_letters(world) == [told, told]
    for name in ("a", "b"):
        world.blobs.remove("deadletter", f"START/2026/11/22/8/{name}.json")
    assert dead_letters(world) == [told, told]
    assert world.journal.named("dead_letters_found")[0].level is Level.WARNING


def test_nobody_looks_for_dead_letters_where_no_container_is_set() -> None:
    world = make_world()
    world.blobs.put("deadletter", "START/a.json")
    sweep_examples(make_app(world))
    assert world.journal.named("dead_letters_found") == []
    assert "deadletter/" not in world.steps.subjects


def test_dead_letters_that_cannot_be_listed_stop_no_sweep() -> None:
    world = make_world()
    world.upload()
    refused = TransientError("list", "busy", status=503)
    world.steps.fail(Fault("blob.list", refused, times=None, where="deadletter/"))
    assert dead_letters(world) == []
    assert world.journal.named("sweep_failed")[0].facts["container"] == "deadletter"
    assert world.journal.named("examples_swept")[0].facts["found"] == 1
