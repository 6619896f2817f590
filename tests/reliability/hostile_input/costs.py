"""What the dear documents cost, told as a finding."""

import json
import subprocess
import sys

from devstack.places import ROOT
from tests.reliability.finding import Finding

LONGEST_SECONDS = 30.0
"""For one document. Measured: 4 s on a machine at rest; what grows with the square would take hours."""

TRIED = "large documents (10 MB, 100,000 of everything): read in bounded time, within 2 GB"


def large_documents() -> Finding:
    """Read them in a process of its own."""
    command = [sys.executable, "-m", "tests.reliability.hostile_input.large"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 - this interpreter
    except subprocess.TimeoutExpired as error:
        return Finding(TRIED, 1, 0, troubles=(f"not done after {error.timeout} s: {error.stdout!r}"[:2000],))
    costs = [json.loads(line) for line in done.stdout.splitlines()]
    slow = [f"{cost['what']} took {cost['seconds']:.1f} s" for cost in costs if cost["seconds"] > LONGEST_SECONDS]
    broke = [f"broke off after {len(costs)}: {done.stderr[-1500:]}"] if done.returncode else []
    figures = f"slowest {max(cost['seconds'] for cost in costs):.1f} s, peak {costs[-1]['peak_mb']} MB" if costs else ""
    return Finding(TRIED, len(costs) + len(broke), len(costs) - len(slow), figures, tuple(slow + broke))
