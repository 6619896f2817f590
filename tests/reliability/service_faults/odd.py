"""Faults of jobs and updates that no error answer tells of, and clocks that are wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

from devstack.studio import NEVER, Fault, FaultKind, Hold, Pace
from functions.retraining.core.run import Run, RunStatus
from tests.e2e.house import House

from .calls import Kind
from .stage import Stage

PATIENCE = timedelta(hours=12)
"""Of simulated time."""

MANY = 1_000_000
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Ends:
    """How the run must end: in how many attempts and trainings of the example, with which words if it fails."""

    status: RunStatus = RunStatus.SUCCEEDED
    attempts: int = 1
    trainings: int = 1
    words: str = ""


@dataclass(frozen=True)
class Oddity:
    """One fault: `make` it, `heal` it after `lasts`; the timer ticks each `every`, or when the run is due."""

    name: str
    kind: Kind
    ends: Ends
    make: Callable[[House], None]
    heal: Callable[[House], None] = lambda _: None
    lasts: timedelta = timedelta(0)
    every: timedelta = MINUTE


def play(stage: Stage, oddity: Oddity) -> tuple[list[str], dict[str, str]]:
    """What did not hold, and what was written down."""
    with stage.house(oddity.kind) as house:
        oddity.make(house)
        run = _to_the_end(house, house.begun(), oddity)
        troubles = [f"{oddity.name}: {trouble}" for trouble in _troubles(house, run, oddity)]
        return troubles, {"log": house.log.text, **house.state()}


def _to_the_end(house: House, run: Run, oddity: Oddity) -> Run:
    began, is_healed = house.clock.now(), False
    while not (now := house.run(run)).status.ended and house.clock.now() - began < PATIENCE:
        if not is_healed and house.clock.now() - began >= oddity.lasts:
            oddity.heal(house)
            is_healed = True
        house.jobs_end()
        house.clock.ahead += max(now.next_check_at - house.clock.now(), oddity.every)
        house.tick()
    return now


def _troubles(house: House, run: Run, oddity: Oddity) -> Iterator[str]:
    wanted = oddity.ends
    trainings = sum(seen.status == HTTPStatus.NO_CONTENT for seen in house.studio.requests_to("bes.start"))
    if (run.status, run.attempt, trainings) != (wanted.status, wanted.attempts, wanted.trainings):
        yield f"{run.status}, {run.attempt} attempts, {trainings} trainings: {run.failure or run.waits_for}"
    if wanted.words and (run.failure is None or wanted.words not in run.failure.message):
        yield f"not in words: {run.failure}"
    live = house.live_model() if oddity.kind is Kind.CLASSIC else house.live_arm_model()
    if wanted.status is RunStatus.SUCCEEDED and (run.model is None or live != run.model.path):
        yield f"live is {live or 'nothing'}"
    before = len(house.ended_runs())
    house.model_arrives()
    if len(house.ended_runs()) + len(house.open_runs()) != before:
        yield "the training's own model was adopted as one from elsewhere"


def _queue(calls: int) -> Callable[[House], None]:
    return lambda house: house.studio.set_pace(Pace(queued=Hold(calls=calls)))


def _inject(fault: Fault) -> Callable[[House], None]:
    return lambda house: house.studio.inject(fault)


def _effect_after(gets: int) -> Callable[[House], None]:
    def make(house: House) -> None:
        house.studio.settings = replace(house.studio.settings, patch_takes_effect_after_gets=gets)

    return make


def _skewed(by: timedelta) -> Callable[[House], None]:
    """The host's clock is ahead of everybody else's, or behind; and the service is throttled at first."""

    def make(house: House) -> None:
        house.clock.ahead = by
        house.studio.inject(Fault(FaultKind.HTTP_ERROR, "bes.submit", status=503, retry_after=60, count=2))

    return make


def _healed(house: House) -> None:
    house.studio.clear_faults()


CLASSIC, ARM = Kind.CLASSIC, Kind.RESOURCE_MANAGER
LOST = Ends(RunStatus.FAILED, attempts=2, trainings=2, words="no longer knows job")
SKEWS = [timedelta(**{unit: sign * amount}) for unit, amount in (("minutes", 5), ("hours", 3)) for sign in (1, -1)]

ODDITIES = (
    Oddity("a job stays NotStarted for 2 status calls", CLASSIC, Ends(), _queue(2)),
    Oddity("a job stays NotStarted for an hour", CLASSIC, Ends(), _queue(60)),
    Oddity(
        "a job never leaves NotStarted: its timeout (2 h) ends the attempt",
        CLASSIC,
        Ends(attempts=2, trainings=2),
        _inject(Fault(FaultKind.JOB_STALLS)),
        every=timedelta(minutes=10),
    ),
    Oddity(
        "a job vanishes (404 on status), once",
        CLASSIC,
        Ends(attempts=2, trainings=2),
        _inject(Fault(FaultKind.JOB_VANISHES)),
    ),
    Oddity("every job vanishes", CLASSIC, LOST, _inject(Fault(FaultKind.JOB_VANISHES, count=MANY))),
    Oddity(
        "404 at start, once",
        CLASSIC,
        Ends(attempts=2, trainings=1),
        _inject(Fault(FaultKind.HTTP_ERROR, "bes.start", status=404)),
    ),
    Oddity("an expired SAS in Results, twice", CLASSIC, Ends(), _inject(Fault(FaultKind.EXPIRED_SAS, count=2))),
    Oddity(
        "an expired SAS in Results, for an hour",
        CLASSIC,
        Ends(),
        _inject(Fault(FaultKind.EXPIRED_SAS, count=MANY)),
        _healed,
        HOUR,
    ),
    Oddity("PATCH 2xx, in effect after 3 GETs", CLASSIC, Ends(), _effect_after(3)),
    Oddity(
        "PATCH 2xx without effect for an hour (its timeout): sent again",
        CLASSIC,
        Ends(),
        _effect_after(NEVER),
        _effect_after(0),
        HOUR - 5 * MINUTE,
        every=5 * MINUTE,
    ),
    Oddity(
        "PATCH 2xx never has an effect: 4 attempts of an hour each",
        CLASSIC,
        Ends(RunStatus.TIMED_OUT, words="did not take the model within the activity's timeout"),
        _effect_after(NEVER),
        every=timedelta(minutes=10),
    ),
    Oddity("PATCH 2xx, in effect after 2 GETs", ARM, Ends(), _effect_after(2)),
    Oddity(
        "an operation Succeeded without effect, every time: 4 attempts of 2 minutes each",
        ARM,
        Ends(RunStatus.FAILED, words="called the update complete, but still names"),
        _effect_after(NEVER),
    ),
    Oddity(
        "an operation fails, every time",
        ARM,
        Ends(RunStatus.FAILED, words="The model cannot be read."),
        _inject(
            Fault(
                FaultKind.OPERATION_FAILS, code="InvalidAssetLocation", message="The model cannot be read.", count=MANY
            )
        ),
    ),
    *(
        Oddity(f"the host's clock is wrong by {by.total_seconds() / 60:+.0f} minutes", kind, Ends(), _skewed(by))
        for kind in Kind
        for by in SKEWS
    ),
)
