"""What `MeasuredApp` runs: the app, one order a line on stdin, one answer a line on stdout."""

import json
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.resident import peak_of, resident_of
from benchmarks.storage_requests import CountedStorage
from functions.retraining import settings as app_settings
from functions.retraining.bootstrap import Relearner, build


def main() -> None:
    """Answer until stdin ends."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("relearner").setLevel(logging.INFO)
    first = json.loads(sys.stdin.readline())
    settings: dict[str, str] = first["settings"]
    with CountedStorage(settings["TrainingStorage"]) as counted:
        app = build(settings, Path(first["root"]), **counted.parts_of_app(app_settings.read(settings, [])))
        _answer({})
        for line in sys.stdin:
            _answer(_carried_out(app, counted, json.loads(line)))


def _carried_out(app: Relearner, counted: CountedStorage, order: dict[str, Any]) -> dict[str, Any]:
    door: Callable[..., object] = getattr(app, order["door"])
    counted.requests.taken()
    before = resident_of()
    began, worked = time.perf_counter(), time.process_time()
    errors = _call(door, order["each"] or [[]], order["threads"])
    return {
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time() - worked,
        "storage": counted.requests.taken(),
        "memory_before": before,
        "memory_peak": peak_of(),
        "errors": errors,
    }


def _call(door: Callable[..., object], each: list[list[str]], threads: int) -> list[str]:
    with ThreadPoolExecutor(threads) as pool:
        called = [pool.submit(door, *arguments) for arguments in each]
    return [repr(call.exception()) for call in called if call.exception()]


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
