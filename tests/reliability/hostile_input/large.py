"""`python -m tests.reliability.hostile_input.large`: read each dear document; a JSON line for the cost of each.

A process of its own, so that its memory is the documents' alone and can be limited.
"""

import json
import resource
import sys
import time

from functions.retraining.adf import load

from .definitions import SETTINGS, large

LARGEST_MEMORY = 2 * 1024**3
"""Bytes of address space: beyond, Python raises MemoryError."""


def main() -> None:
    """Load them one after the other."""
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    for what, texts in large().items():
        began = time.monotonic()
        faults = len(load(texts, SETTINGS).faults)
        seconds = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        line = {"what": what, "faults": faults, "seconds": seconds, "peak_mb": peak}
        sys.stdout.write(f"{json.dumps(line)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
