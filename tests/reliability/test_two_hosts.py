"""Short forms of suite `two_hosts`, and what it has found."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from devstack.azurite import Azurite
from devstack.studio import Studio
from functions.retraining.core.errors import OutcomeUnknown
from functions.retraining.core.run import RunStatus
from functions.retraining.core.slot import Holder
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.sweep import sweep_examples
from tests.reliability.suites import two_hosts as suite
from tests.reliability.two_hosts import processes, promises
from tests.reliability.two_hosts.pair import paired
from tests.reliability.two_hosts.stories import told, troubles
from tests.support.world import AFTER, BEFORE, Crash, World, make_app, make_world


@pytest.mark.parametrize("seed", range(20))
def test_two_hosts_whose_calls_interleave_keep_every_promise(seed: int) -> None:
    story = told(seed)
    assert list(troubles(story)) == []
    assert sum(story.conflicts.values()) > 0, "without a conflict nothing was proved"


def test_a_run_that_lost_its_slot_lets_the_one_that_holds_it_go_on() -> None:
    """A host was paused for so long that its slot was freed and went to a run that waits: each waited for the other."""
    world = make_world()
    _announced_on_a_host_that_dies_with_its_intent_on_record(world)
    app = make_app(world)
    world.announce(app, world.upload("waits.csv"))
    (lost, waits) = world.open_runs()
    assert [run.status for run in (lost, waits)] == [RunStatus.SUBMITTING, RunStatus.WAITING]
    stored = world.runs.slot("retraining")
    holder = Holder(run=waits.id, since=world.clock.now())
    world.runs.save_slot(replace(stored.slot, active=(holder,)), stored.etag)

    world.tick(app, 20)

    assert world.open_runs() == []
    assert sorted(run.status for run in world.ended_runs()) == [RunStatus.SUCCEEDED, RunStatus.SUPERSEDED]


def test_a_sweep_that_frees_a_slot_at_the_same_time_as_another_host_looks_again() -> None:
    world = make_world()
    world.announce(make_app(world), world.upload("first.csv"))
    stored = world.runs.slot("retraining")
    gone = Holder(run="20261122T000000Z-000000000000", since=world.clock.now() - timedelta(hours=1))
    world.runs.save_slot(replace(stored.slot, active=(*stored.slot.active, gone)), stored.etag)
    app = make_app(world)
    begun = len(world.steps.calls)
    sweep_examples(make_app(world))
    write = world.steps.calls.index("slot.write", begun) - begun
    world.runs.save_slot(replace(world.slot(), active=(*world.slot().active, gone)), world.runs.slot("retraining").etag)
    world.steps.interludes[len(world.steps.calls) + write + 1, BEFORE] = lambda: sweep_examples(make_app(world))

    sweep_examples(app)

    assert world.journal.named("sweep_failed") == []
    assert [holder.run for holder in world.slot().active] == [run.id for run in world.open_runs()]


@pytest.mark.azurite
def test_two_hosts_that_do_everything_at_once_on_real_storage(azurite: Azurite, studio: Studio) -> None:
    found = suite.at_once(azurite, studio, 1, 2)
    assert found.good, found.troubles


@pytest.mark.azurite
@pytest.mark.stack
def test_two_trigger_hosts_on_one_state(azurite: Azurite, studio: Studio) -> None:
    with paired(azurite, studio) as pair, processes.running(pair.house):
        processes.upload_and_wait(pair.house, 2)
        assert list(promises.troubles(pair.house, 2)) == []


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio.start(tmp_path_factory.mktemp("studio")) as running:
        yield running


def test_a_host_whose_update_call_hangs_leaves_the_newer_model_alone() -> None:
    """The service took the call at once; the answer comes to nothing long after a newer run has ended elsewhere."""
    world = make_world()
    app = make_app(world)
    world.announce(app, world.upload("older.csv"))
    world.passes(timedelta(minutes=3))
    world.steps.interludes[_call_of(world, "scoring.send"), AFTER] = partial(_hangs_while_a_newer_goes_live, world)
    poll_runs(app)
    assert [line.facts["run"] for line in world.journal.named("run_moved_by_another")]
    live = world.scoring["retraining"].made_from()
    assert (len(live), live) == (2, sorted(live))
    world.tick(app, 5)
    assert [run.status for run in world.ended_runs()] == [RunStatus.SUCCEEDED] * 2


def _call_of(world: World, operation: str) -> int:
    """The number that the next call of this operation has in a tick that nobody disturbs."""
    twin = deepcopy(world)
    poll_runs(make_app(twin))
    return len(world.steps.calls) + twin.steps.calls[len(world.steps.calls) :].index(operation) + 1


def _hangs_while_a_newer_goes_live(world: World) -> None:
    world.passes(timedelta(minutes=7))
    other = make_app(world)
    poll_runs(other)
    world.announce(other, world.upload("newer.csv"))
    world.tick(other, 8)
    call, message = "update the scoring endpoint's resource", "no whole answer came back"
    raise OutcomeUnknown(call, message)


def _announced_on_a_host_that_dies_with_its_intent_on_record(world: World) -> None:
    world.steps.crash_after = ("run.write", 1)
    with pytest.raises(Crash):
        world.announce(make_app(world), world.upload("lost.csv"))
    world.steps.crash_after = None
    world.steps.revive()
    world.passes(timedelta(seconds=1))
