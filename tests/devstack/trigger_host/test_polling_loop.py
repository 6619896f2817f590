"""The loop behind scan and queue: woken at once, never busy while storage is away."""

import threading
import time

import pytest
from azure.core.exceptions import ServiceRequestError

from devstack.trigger_host.polling_loop import PollingLoop
from tests.support.waiting import wait_until


def test_a_loop_is_woken_before_its_pause_is_over_and_stops_at_once() -> None:
    steps: list[float] = []
    loop = PollingLoop("test", lambda: steps.append(time.monotonic()), 60.0)
    loop.start()
    wait_until(lambda: len(steps) == 1, "the first step")
    loop.wake()
    wait_until(lambda: len(steps) == 2, "the step it was woken for")
    loop.stop()
    assert loop.join(5.0)


def test_a_failing_loop_does_not_turn_faster_however_often_it_is_woken_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps: list[float] = []
    second = threading.Event()

    def fail() -> None:
        steps.append(time.monotonic())
        if len(steps) == 2:
            second.set()
        raise ServiceRequestError("nobody listens")

    loop = PollingLoop("test", fail, 0.01)
    loop.start()
    while not second.wait(0.001):
        loop.wake()
    loop.stop()
    assert loop.join(5.0)
    assert steps[1] - steps[0] >= 0.9
    assert len(steps) == 2
    assert [record.message for record in caplog.records if "nobody listens" in record.message] == [
        "test: storage does not answer as it should, trying again: nobody listens"
    ]
