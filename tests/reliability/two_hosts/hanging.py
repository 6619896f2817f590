"""An update call that hangs until its timeout, while another host brings a newer run to its end."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from devstack.studio import Fault, FaultKind
from functions.retraining import transport as way
from functions.retraining.bootstrap import Relearner
from functions.retraining.core.run import Run, RunStatus
from tests.support.waiting import wait_until

from .pair import Pair

PATCH = "management.patch_endpoint"
PAST_THE_LEASE = timedelta(minutes=10)
TICKS = 12


def hang(pair: Pair, seconds: float) -> Iterator[str]:
    """What did not hold. The service took the call at once; its answer drips for longer than anyone waits."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(way, "READ_SECONDS", seconds)
        pair.house.studio.inject(Fault(FaultKind.DRIP, PATCH, seconds=0.5))
        older = pair.house.begun("older.arff")
        pair.house.jobs_end()
        hanging = threading.Thread(target=pair.house.tick)
        hanging.start()
        wait_until(lambda: pair.house.studio.requests_to(PATCH), "the update call was taken")
        newer = _on_the_second_host(pair)
        overlapped = hanging.is_alive()
        hanging.join()
    yield from _troubles(pair, older, newer, overlapped=overlapped)


def _on_the_second_host(pair: Pair) -> Run:
    """The second host finds the lease over, ends the older run, and trains and updates with a newer example."""
    pair.passes(timedelta(0), skew=PAST_THE_LEASE)
    pair.second.poll_runs()
    wait_until(partial(_is_a_second_later, pair), "the newer example is newer by storage's clock")
    (newer,) = pair.second.start_retraining(pair.house.containers.examples, "newer.arff")
    _tick_to_the_end(pair, pair.second, newer)
    return newer


def _is_a_second_later(pair: Pair) -> bool:
    """Storage gives times to the second."""
    pair.house.upload("newer.arff")
    times = [
        pair.house.storage.get_blob_client(pair.house.containers.examples, name).get_blob_properties().last_modified
        for name in ("older.arff", "newer.arff")
    ]
    return bool(times[0] < times[1])


def _tick_to_the_end(pair: Pair, host: Relearner, run: Run) -> None:
    for _ in range(TICKS):
        if pair.house.run(run).status.ended:
            return
        pair.house.jobs_end()
        pair.passes(timedelta(minutes=1), skew=PAST_THE_LEASE)
        host.poll_runs()


def _troubles(pair: Pair, older: Run, newer: Run, *, overlapped: bool) -> Iterator[str]:
    if not overlapped:
        yield "the call did not hang for as long as the newer run took: nothing was tried"
    for run in (older, newer):
        now = pair.house.run(run)
        if now.status is not RunStatus.SUCCEEDED:
            yield f"run {run.id} {now.status}: {now.waits_for or now.failure}"
    if not pair.house.events("run_moved_by_another"):
        yield "the host whose call hung did not notice that another one had gone on"
