"""The slot of a pipeline: who may train and update now, and what is deployed.

As many runs hold it as the activity's concurrency allows, one by default. Its document's ETag is the fence that keeps
an older model from replacing a newer one: it is taken and given back by conditional writes only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from .times import Utc

SCHEMA = 1
PREVIOUS_LIMIT = 10
ENDED_LIMIT = 1000
TIME_DIGITS = len("20261122T220000Z")
CLAIM_GRACE = timedelta(minutes=5)
"""How long a claim may stand without its run's document: the time between two writes of a healthy host, and more."""


class Deployed(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A model that went live: by which run, from a blob of which time, archived where."""

    run: str
    blob_last_modified: Utc
    model: str
    at: Utc


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A run that holds the slot, and since when (UTC)."""

    run: str
    since: Utc


class Slot(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The document `pipelines/<pipeline>`.

    `active` are the runs that train or update now, `updating` the one of several that updates. `unverified` is the
    newest model that was offered to the scoring web service by a run that ended without seeing it live: it may be live
    all the same. `ended` names the runs newer than the deployed one that ended without going live: a second event for
    one of them must not train again. Whatever lay at the trained model's place up to `output_seen_until` belongs to a
    run of ours.
    """

    schema: int = SCHEMA
    pipeline: str
    active: tuple[Holder, ...] = ()
    updating: str | None = None
    deployed: Deployed | None = None
    unverified: Deployed | None = None
    previous: tuple[Deployed, ...] = ()
    ended: tuple[str, ...] = ()
    output_seen_until: Utc | None = None


class SlotClaim(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the slot said when the run took it: the run gives it back with If-Match, without reading it again."""

    etag: str
    slot: Slot


@dataclass(frozen=True)
class Taken:
    """The run holds the slot now; `slot` is to be written unless it `was_held` already."""

    slot: Slot
    was_held: bool


@dataclass(frozen=True)
class Busy:
    """Other runs hold the slot, as many as may."""

    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Known:
    """The run has ended before: this is a second event, or the rest of a crash."""


@dataclass(frozen=True)
class Passed:
    """A model from a newer blob is live, or may be: this run could only put an older one over it."""

    deployed: Deployed
    verified: bool


Answer = Taken | Busy | Known | Passed


def ask(slot: Slot, run: str, blob_last_modified: datetime, now: datetime, concurrency: int) -> Answer:
    """Whether `run` may have the slot too, where `concurrency` runs may.

    Never beside a run of the same second: the places of their models, made from the upload time, would be one.
    """
    if holds(slot, run):
        return Taken(slot, was_held=True)
    if is_known(slot, run):
        return Known()
    passed = passed_by(slot, blob_last_modified)
    if passed:
        return passed
    same_second = any(holder.run[:TIME_DIGITS] == run[:TIME_DIGITS] for holder in slot.active)
    if len(slot.active) >= concurrency or same_second:
        return Busy(slot.active)
    holder = Holder(run=run, since=now)
    return Taken(msgspec.structs.replace(slot, active=(*slot.active, holder)), was_held=False)


def ask_seat(slot: Slot, run: str, blob_last_modified: datetime) -> Answer:
    """Whether `run` may be the one that updates; by now a newer model may be live.

    Known if it does not hold the slot any more: it has ended elsewhere, and nobody would take the seat from it again.
    """
    if not holds(slot, run):
        return Known()
    if slot.updating == run:
        return Taken(slot, was_held=True)
    passed = passed_by(slot, blob_last_modified)
    if passed:
        return passed
    if slot.updating:
        return Busy(tuple(holder for holder in slot.active if holder.run == slot.updating))
    return Taken(msgspec.structs.replace(slot, updating=run), was_held=False)


def passed_by(slot: Slot, blob_last_modified: datetime) -> Passed | None:
    """The model from a newer blob that is live, or may be, if there is one."""
    for live in (slot.deployed, slot.unverified):
        if live and blob_last_modified < live.blob_last_modified:
            return Passed(live, verified=live is slot.deployed)
    return None


def is_known(slot: Slot, run: str) -> bool:
    """Whether `run` is one of those that have ended, or are or were live."""
    return run in slot.ended or any(live.run == run for live in _live(slot))


def holds(slot: Slot, run: str) -> bool:
    """Whether `run` is one of those that hold the slot."""
    return any(holder.run == run for holder in slot.active)


def given_up(slot: Slot, run: str, now: datetime) -> bool:
    """Whether the claim of `run` is old enough to ask if that run exists at all."""
    return any(holder.run == run and now - holder.since > CLAIM_GRACE for holder in slot.active)


def held_before(slot: Slot, run: str, when: datetime) -> bool:
    """Whether `run` has held the slot since before `when`."""
    return any(holder.run == run and holder.since < when for holder in slot.active)


def freed(slot: Slot, run: str) -> Slot:
    """The slot without this holder."""
    others = tuple(holder for holder in slot.active if holder.run != run)
    updating = None if slot.updating == run else slot.updating
    return msgspec.structs.replace(slot, active=others, updating=updating)


def with_deployed(slot: Slot, deployed: Deployed) -> Slot:
    """The slot after a run went live; forgets ended runs whose blob is older than the deployed one's.

    Those are refused as passed from now on. Run ids begin with their blob's time, to the second.
    """
    before = _live(slot)[:PREVIOUS_LIMIT]
    newer = tuple(run for run in slot.ended if run[:TIME_DIGITS] >= deployed.run[:TIME_DIGITS])
    return msgspec.structs.replace(slot, deployed=deployed, unverified=None, previous=before, ended=newer)


def with_unverified(slot: Slot, offered: Deployed) -> Slot:
    """The slot after a model was offered and nobody saw whether it went live; an older one is covered by a newer."""
    known = slot.unverified
    newest = known if known and known.blob_last_modified > offered.blob_last_modified else offered
    return msgspec.structs.replace(slot, unverified=newest)


def with_ended(slot: Slot, run: str) -> Slot:
    """The slot after a run ended without going live; remembers the last thousand of them."""
    return msgspec.structs.replace(slot, ended=(*slot.ended, run)[-ENDED_LIMIT:])


def with_output_seen(slot: Slot, until: datetime) -> Slot:
    """The slot knowing that everything at the trained model's place up to `until` is ours."""
    seen = max(until, slot.output_seen_until or until)
    return msgspec.structs.replace(slot, output_seen_until=seen)


def _live(slot: Slot) -> tuple[Deployed, ...]:
    return (slot.deployed, *slot.previous) if slot.deployed else slot.previous
