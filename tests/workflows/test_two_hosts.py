"""Two hosts that look at the same run: at whichever call the other one comes between, one training, one update."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.retraining.core.definitions import ActivityPolicy
from functions.retraining.core.run import Origin, RunStatus
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.world import AFTER, BEFORE, Crash, Outcome, World, make_app, make_world, pipeline

STEPS_OF_A_LIFE = 40
PLACES = [(number, side) for number in range(1, STEPS_OF_A_LIFE) for side in (BEFORE, AFTER)]


def _event_again(world: World, app: App) -> None:
    for content in list(world.blobs.contents.values()):
        if content.version.container == "examples":
            world.announce(app, content.version)


def _model_event(world: World, app: App) -> None:
    _ = world
    update_scoring(app, "output", "retraining.ilearner")


def _tick(world: World, app: App) -> None:
    _ = world
    poll_runs(app)


def _sweep(world: World, app: App) -> None:
    _ = world
    sweep_examples(app)


def _tick_after_the_lease(world: World, app: App) -> None:
    """The first host is paused for longer than its lease, and the second one takes over."""
    world.passes(timedelta(minutes=7))
    poll_runs(app)


def _new_example_after_the_lease(world: World, app: App) -> None:
    """The first host is paused for so long that a newer example has gone live meanwhile."""
    world.passes(timedelta(minutes=7))
    poll_runs(app)
    world.announce(app, world.upload("newer.csv"))
    world.tick(app, 8)


OTHERS: list[Callable[[World, App], None]] = [_event_again, _model_event, _tick, _sweep, _tick_after_the_lease]


def _life(number: int, side: str, other: Callable[[World, App], None], *plans: Outcome) -> World:
    world = make_world(pipeline(training=ActivityPolicy(retry=len(plans))))
    world.training["retraining"].plans = list(plans)
    world.steps.interludes[number, side] = lambda: other(world, make_app(world))
    app = make_app(world)
    world.announce(app, world.upload())
    for _ in range(30):
        world.tick(app)
        if world.clock.now().minute == 3:
            update_scoring(app, "output", "retraining.ilearner")
    return world


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("plans", [(), (Outcome.FAILS,)], ids=["first attempt", "second attempt"])
def test_another_host_between_any_two_calls_changes_nothing(
    other: Callable[[World, App], None], plans: tuple[Outcome, ...]
) -> None:
    for number, side in PLACES:
        world = _life(number, side, other, *plans)
        about = f"{side} call {number}: {world.steps.calls}"
        runs = [run for run in world.ended_runs() if run.origin is Origin.LABELED_EXAMPLE]
        assert [run.status for run in runs] == [RunStatus.SUCCEEDED], about
        assert world.open_runs() == [], about
        assert len(world.training["retraining"].started()) == 1 + len(plans), about
        assert world.slot().active == (), about
        assert len(world.ended_runs()) == 1, about
        assert world.journal.defects() == [], about


def test_a_paused_host_never_puts_its_older_model_over_a_newer_one() -> None:
    for number, side in PLACES:
        world = _life(number, side, _new_example_after_the_lease)
        about = f"{side} call {number}: {world.steps.calls}"
        live = world.scoring["retraining"].made_from()
        if (world.steps.calls[number - 1], side) != ("scoring.send", BEFORE):  # nothing fences a call on its way
            assert live == sorted(live), about
        assert world.open_runs() == [], about
        assert world.slot().active == (), about
        assert max(job_count(world).values()) == 1, about


def job_count(world: World) -> dict[str, int]:
    """Trainings started for each example."""
    jobs = [job.example.name for job in world.training["retraining"].started()]
    return {name: jobs.count(name) for name in jobs}


def test_a_status_of_an_earlier_attempts_job_says_nothing_about_the_next_one() -> None:
    """The tick has asked for the first attempt's job; before it reads the document, the second attempt runs."""
    world = make_world(pipeline(training=ActivityPolicy(retry=1)))
    world.training["retraining"].plans = [Outcome.FAILS]
    app = make_app(world)
    world.announce(app, world.upload())
    world.passes(timedelta(minutes=2))
    asked = len(world.steps.calls) + 2
    world.steps.interludes[asked + 1, BEFORE] = lambda: update_scoring(make_app(world), "output", "retraining.ilearner")
    poll_runs(app)
    assert world.steps.calls[asked - 1] == "job.get"
    assert [run.status for run in world.open_runs()] == [RunStatus.RUNNING]
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED]
    assert len(world.training["retraining"].started()) == 2


@pytest.mark.parametrize("number", range(1, 6))
def test_our_own_model_is_not_adopted_when_its_run_ends_while_the_event_is_handled(number: int) -> None:
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload())
    world.scoring["retraining"].lag = timedelta(minutes=3)
    world.tick(app, 3)
    assert [run.status for run in world.open_runs()] == [RunStatus.UPDATING]
    world.passes(timedelta(minutes=10))
    world.steps.interludes[len(world.steps.calls) + number, BEFORE] = lambda: poll_runs(make_app(world))
    update_scoring(app, "output", "retraining.ilearner")
    world.tick(app, 5)
    assert [(run.origin, run.status) for run in world.ended_runs()] == [(Origin.LABELED_EXAMPLE, RunStatus.SUCCEEDED)]
    assert world.open_runs() == []


def test_a_host_paused_between_taking_the_slot_and_recording_its_run_asks_for_the_slot_again() -> None:
    world = make_world()
    app = make_app(world)

    def another_goes_live() -> None:
        world.passes(timedelta(minutes=10))
        other = make_app(world)
        world.announce(other, world.upload("newer.csv"))
        world.tick(other, 10)

    world.steps.interludes[4, BEFORE] = another_goes_live
    world.announce(app, world.upload("older.csv"))
    assert world.steps.calls[3] in {"slot.read", "run.write", "blob.version"}
    world.tick(app, 20)
    live = world.scoring["retraining"].made_from()
    assert live == sorted(live)
    assert world.open_runs() == []
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUPERSEDED, RunStatus.SUCCEEDED]


def test_an_intent_that_another_host_has_put_on_record_meanwhile_is_left_to_it() -> None:
    """The index said due; by the time the document is read, another host has its lease on it."""
    world = make_world(pipeline(training=ActivityPolicy(timeout=timedelta(minutes=30))))
    world.training["retraining"].plans = [Outcome.NEVER_ENDS]
    world.announce(make_app(world), world.upload())
    world.passes(timedelta(minutes=31))

    def another_dies_with_its_intent_on_record() -> None:
        world.steps.crash_after = ("run.write", world.steps.count("run.write") + 1)
        with pytest.raises(Crash):
            poll_runs(make_app(world))
        world.steps.revive()

    asked = len(world.steps.calls) + 2
    world.steps.interludes[asked, AFTER] = another_dies_with_its_intent_on_record
    poll_runs(make_app(world))
    assert world.steps.calls[-1] == "run.read"
    assert world.steps.count("job.cancel") == 0
    world.tick(make_app(world), 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.TIMED_OUT]
