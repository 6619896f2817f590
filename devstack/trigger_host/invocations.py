"""Invocations, asked for by the trigger threads, carried out in the worker's event loop, told on the console."""

import asyncio
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from devstack.trigger_host.console import say
from devstack.trigger_host.protobuf_stand_in import TypedData
from devstack.trigger_host.triggers import Trigger
from devstack.trigger_host.worker import InvocationResult, Worker

_log = logging.getLogger(__name__)


class Invocations:
    """Runs functions for other threads. One line per invocation: start, end, duration, function, reason, result."""

    def __init__(self, worker: Worker, loop: asyncio.AbstractEventLoop) -> None:
        self._worker = worker
        self._loop = loop

    def run(
        self, trigger: Trigger, data: TypedData, reason: str, metadata: Mapping[str, TypedData] | None = None
    ) -> InvocationResult:
        """Invoke the trigger's function and wait for its end. Never call it from the event loop's own thread.

        `reason` says in a few words what set it off; it must hold no secret. `metadata` is the trigger's own.
        """
        began, clock = datetime.now(UTC), time.perf_counter()
        running = self._worker.invoke(trigger.function_id, trigger.argument, data, metadata or {})
        result = asyncio.run_coroutine_threadsafe(running, self._loop).result()
        _tell(trigger, reason, began, time.perf_counter() - clock, result)
        return result


def _tell(trigger: Trigger, reason: str, began: datetime, seconds: float, result: InvocationResult) -> None:
    verdict = "succeeded" if result.succeeded else f"failed: {' '.join(result.error.split())}"
    span = f"{_clock(began)} to {_clock(datetime.now(UTC))}, {seconds * 1000:.0f} ms"
    say(f"[{span}] {trigger.function} ({reason}) {verdict}")
    if result.stack_trace:
        _log.error("%s failed\n%s", trigger.function, result.stack_trace.rstrip())


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
