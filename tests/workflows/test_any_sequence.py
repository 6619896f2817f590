"""Uploads, lost and doubled events, crashes, faults, second hosts and jobs of every kind, in any order.

Once with one run at a time and one update resource activity, once with two of each and a model place for each run.

Promise 1 and 4 hold after each step; promises 2 and 3 after enough undisturbed time.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import ActivityPolicy, ExecutionPriorityOrder, Pipeline
from functions.retraining.core.errors import (
    OutcomeUnknown,
    PermanentError,
    RelearnerError,
    TransientError,
)
from functions.retraining.core.observed import UpdateState
from functions.retraining.core.run import RunStatus, run_id
from functions.retraining.workflows.app import App
from functions.retraining.workflows.poison import record_poison
from functions.retraining.workflows.poll import poll_runs
from functions.retraining.workflows.publish import update_scoring
from functions.retraining.workflows.sweep import sweep_examples
from tests.support.poison import poison_message
from tests.support.properties import deterministic
from tests.support.world import (
    BEFORE,
    Crash,
    Fault,
    Outcome,
    World,
    make_app,
    make_world,
    pipeline,
    with_partitioned_output,
    with_updates,
)

pytestmark = pytest.mark.search

RETRY = 1
NAMES = st.sampled_from(["a", "b"])
FILES = st.sampled_from(["1.csv", "2.csv", "3.csv"])
DIES = st.none() | st.integers(0, 12)
TRAINING = {RunStatus.SUBMITTING, RunStatus.SUBMITTED, RunStatus.RUNNING}
OPERATIONS = (
    "blob.version", "run.read", "run.write", "run.delete", "ended.write", "slot.read", "slot.write",
    "archive.copy_output", "archive.copy_blob", "job.submit", "job.start", "job.get",
    "scoring.read", "scoring.send",
)  # fmt: skip
"""Not job.cancel: a job that cannot be stopped is nobody's any more, and so is what it writes."""

ENDS = (UpdateState.SUCCEEDED, UpdateState.FAILED)
ERRORS = st.sampled_from(["transient", "lost", "lost but carried out", "permanent"])


def _fault(operation: str, kind: str, times: int) -> Fault:
    if kind == "permanent" and operation != "job.get":  # a job that cannot be asked for is left running, see above
        return Fault(operation, PermanentError(operation, "refused", status=403), 1)
    if kind == "transient":
        return Fault(operation, TransientError(operation, "busy", status=503), times)
    return Fault(operation, OutcomeUnknown(operation, "no answer"), times, carried_out=kind == "lost but carried out")


def _given_up(version: BlobVersion, app: App) -> None:
    record_poison(app, poison_message(version))


class AnySequence(RuleBasedStateMachine):
    """Two pipelines in one world, and hosts that come and go."""

    orders: ClassVar = st.sampled_from(list(ExecutionPriorityOrder))
    concurrency: ClassVar = 1
    operations: ClassVar[tuple[str, ...]] = OPERATIONS

    def __init__(self) -> None:
        super().__init__()
        self.world: World = make_world()
        self.seen: list[BlobVersion] = []

    @initialize(first=orders, second=orders)
    def begin(self, first: ExecutionPriorityOrder, second: ExecutionPriorityOrder) -> None:
        limits = ActivityPolicy(timeout=timedelta(minutes=15), retry=RETRY)
        trainings = {
            name: ActivityPolicy(
                timeout=timedelta(minutes=40),
                retry=RETRY,
                execution_priority_order=order,
                concurrency=self.concurrency,
            )
            for name, order in (("a", first), ("b", second))
        }
        plain = [pipeline(name, training, limits) for name, training in trainings.items()]
        self.world = make_world(*map(self._shaped, plain))

    def _shaped(self, plain: Pipeline) -> Pipeline:
        return plain

    @rule(name=NAMES, file=FILES, announced=st.booleans(), dies=DIES, after=st.integers(0, 90))
    def upload(self, name: str, file: str, after: int, dies: int | None, *, announced: bool) -> None:
        self.world.passes(timedelta(seconds=after))
        version = self.world.upload(file, name)
        self.seen.append(version)
        if announced:
            self._do(lambda app: self.world.announce(app, version), dies)

    @rule(name=NAMES, file=FILES)
    def delete(self, name: str, file: str) -> None:
        self.world.blobs.remove("examples", f"{name}/{file}")

    @rule(which=st.integers(0, 30), dies=DIES)
    def event_late_or_again(self, which: int, dies: int | None) -> None:
        if self.seen:
            version = self.seen[which % len(self.seen)]
            self._do(lambda app: self.world.announce(app, version), dies)

    @rule(which=st.integers(0, 30), dies=DIES, foreign=st.booleans())
    def event_given_up(self, which: int, dies: int | None, *, foreign: bool) -> None:
        """The host gave up on an example's event, or on a model's; now and then on one that was handled after all."""
        models = [each.version for each in self.world.blobs.contents.values() if each.version.container == "output"]
        among = models if foreign else self.seen
        if among:
            self._do(partial(_given_up, among[which % len(among)]), dies)

    @rule(name=NAMES, dies=DIES)
    def model_event(self, name: str, dies: int | None) -> None:
        self._do(lambda app: self._models_announced(app, name), dies)

    def _models_announced(self, app: App, name: str) -> None:
        for path in list(self.world.blobs.contents):
            if path.startswith(f"output/{name}"):
                update_scoring(app, "output", path.removeprefix("output/"))

    @rule(name=NAMES, after=st.integers(0, 90), announced=st.booleans())
    def foreign_model(self, name: str, after: int, *, announced: bool) -> None:
        """Not while the pipeline trains: what appears then is taken for the training's own."""
        self.world.passes(timedelta(seconds=after))
        if not any(run.pipeline == name and run.status in TRAINING for run in self.world.open_runs()):
            version = self._published(name)
            if announced:
                self._do(lambda app: update_scoring(app, version.container, version.name), None)

    def _published(self, name: str) -> BlobVersion:
        return self.world.publish(name)

    @rule(minutes=st.sampled_from([0, 1, 1, 1, 4, 20]), dies=DIES)
    def tick(self, minutes: int, dies: int | None) -> None:
        self.world.passes(timedelta(minutes=minutes))
        self._do(poll_runs, dies)

    @rule(dies=DIES)
    def sweep(self, dies: int | None) -> None:
        self._do(sweep_examples, dies)

    @rule(which=st.integers(0, 99), kind=ERRORS, times=st.integers(1, 3))
    def fault(self, which: int, kind: str, times: int) -> None:
        operation = self.operations[which % len(self.operations)]
        self.world.steps.fail(_fault(operation, kind, times))

    @rule(name=NAMES, outcome=st.sampled_from(list(Outcome)))
    def next_job(self, name: str, outcome: Outcome) -> None:
        self.world.training[name].plans.append(outcome)

    @rule(name=NAMES, minutes=st.sampled_from([0, 2, 30]))
    def scoring_takes_effect_later(self, name: str, minutes: int) -> None:
        self.world.scoring[name].lag = timedelta(minutes=minutes)

    @rule(copies=st.integers(0, 3))
    def large_models(self, copies: int) -> None:
        self.world.archive.pending = copies

    @rule(steps=st.integers(1, 12), act=st.sampled_from([poll_runs, sweep_examples]))
    def another_host_comes_between(self, steps: int, act: Callable[[App], None]) -> None:
        at = len(self.world.steps.calls) + steps
        self.world.steps.interludes[at, BEFORE] = lambda: self._quietly(act)

    @invariant()
    def each_attempt_of_each_version_trained_at_most_once(self) -> None:
        for service in self.world.training.values():
            etags = [job.example.etag for job in service.started()]
            assert all(etags.count(etag) <= 1 + RETRY for etag in etags), "promise 1"

    @invariant()
    def no_older_model_replaced_a_newer_one(self) -> None:
        for scoring in self.world.scoring.values():
            assert scoring.made_from() == sorted(scoring.made_from()), "promise 4"

    @invariant()
    def nothing_happened_that_nobody_thought_of(self) -> None:
        assert self.world.journal.defects() == []

    def teardown(self) -> None:
        """Undisturbed from here on."""
        self.world.steps.heal()
        self.world.steps.interludes.clear()
        self.world.tick(make_app(self.world), 60, every=timedelta(minutes=5))
        assert self.world.open_runs() == [], "promise 2"
        sweep_examples(make_app(self.world))
        self.world.tick(make_app(self.world), 40, every=timedelta(minutes=5))
        self._all_is_settled()

    def _all_is_settled(self) -> None:
        self.each_attempt_of_each_version_trained_at_most_once()
        self.no_older_model_replaced_a_newer_one()
        self.nothing_happened_that_nobody_thought_of()
        assert self.world.open_runs() == [], "promise 2"
        ended = {run.id for run in self.world.ended_runs()}
        for content in self.world.blobs.contents.values():
            version = content.version
            if version.container == "examples":
                assert run_id(version.name.partition("/")[0], version) in ended, "promise 3"
        for name, scoring in self.world.scoring.items():
            slot = self.world.slot(name.partition("/")[0])
            assert slot.updating is None
            assert slot.active == ()
            assert slot.deployed is None or slot.unverified or slot.deployed.model == scoring.serving

    def _do(self, act: Callable[[App], object], dies: int | None) -> None:
        """On a host of its own, which dies before its `dies`-th call."""
        if dies is not None:
            self.world.steps.crashes = {(len(self.world.steps.calls) + dies, BEFORE)}
        self._quietly(act)
        self.world.steps.crashes = set()

    def _quietly(self, act: Callable[[App], object]) -> None:
        """An event whose delivery failed is simply lost."""
        try:
            act(make_app(self.world))
        except RelearnerError:
            return
        except Crash:
            self.world.steps.revive()


class AnySequenceSideBySide(AnySequence):
    """Two runs at a time, which update two scoring web services each; the second says how far it is."""

    concurrency: ClassVar = 2
    operations: ClassVar[tuple[str, ...]] = (*OPERATIONS, "scoring.follow")

    def _shaped(self, plain: Pipeline) -> Pipeline:
        limits = ActivityPolicy(timeout=timedelta(minutes=12), retry=RETRY)
        return with_updates(with_partitioned_output(plain), second=limits)

    def _published(self, name: str) -> BlobVersion:
        return self.world.blobs.put("output", f"{name}-{self.world.clock.now():%Y%m%d%H%M%S}.ilearner")

    @rule(name=NAMES, minutes=st.sampled_from([0, 2, 30]), follows=st.booleans(), ends=st.sampled_from(ENDS))
    def second_service_takes_its_time(self, name: str, minutes: int, ends: UpdateState, *, follows: bool) -> None:
        scoring = self.world.scoring[f"{name}/second"]
        scoring.lag, scoring.follows = timedelta(minutes=minutes), follows
        scoring.ends = ends if follows else UpdateState.SUCCEEDED


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = deterministic(examples=300, steps=50)
TestAnySequenceSideBySide = AnySequenceSideBySide.TestCase
TestAnySequenceSideBySide.settings = deterministic(examples=300, steps=50)
