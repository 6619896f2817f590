"""What the app adds to a cold start: `import function_app` against `import azure.functions` alone.

    python -m benchmarks.coldstart

Each import runs in an interpreter of its own, the two taking turns; the figures are medians in seconds.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 25
ROOT = Path(__file__).resolve().parent.parent
STATEMENTS = ("pass", "import azure.functions", "import function_app")

_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The host's worker runs from bytecode, so this measures from bytecode."""


def main() -> None:
    """Print the medians and the ratio."""
    seconds: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for statement in STATEMENTS:
        _run(statement)  # fills the bytecode cache and the file cache
    for _ in range(ROUNDS):
        for statement in STATEMENTS:
            seconds[statement].append(_run(statement))
    medians = {statement: statistics.median(taken) for statement, taken in seconds.items()}
    for statement, median in medians.items():
        print(f"{statement:<24}{median:.3f} s")
    ratio = medians["import function_app"] / medians["import azure.functions"]
    print(f"ratio of medians        {ratio:.2f} (aim: 1.2 or less)")


def _run(statement: str) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-c", statement]
    subprocess.run(command, check=True, cwd=ROOT, env=_ENVIRONMENT, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
