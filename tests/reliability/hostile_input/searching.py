"""A search for an input that breaks a promise, told as a finding."""

import time
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis.strategies import SearchStrategy

from tests.reliability.finding import Finding
from tests.support.properties import deterministic


def search(tried: str, inputs: SearchStrategy[Any], check: Callable[[Any], None], examples: int) -> Finding:
    """Try `check`, which raises where it does not hold, on so many inputs; the smallest that breaks it is told."""
    times, held, slowest, trouble = 0, 0, 0.0, ""

    def one(value: object) -> None:
        nonlocal times, held, slowest
        times += 1
        began = time.monotonic()
        check(value)
        slowest = max(slowest, time.monotonic() - began)
        held += 1

    try:
        deterministic(examples)(given(inputs)(one))()
    except Exception as error:
        notes = " ".join(getattr(error, "__notes__", ()))
        trouble = f"{tried}: {type(error).__name__}: {error} {notes}"[:2000]
    return Finding(tried, times, held, f"slowest {slowest * 1000:.0f} ms", (trouble,) if trouble else ())
