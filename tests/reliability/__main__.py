"""`make reliability`: every suite at full size, one table, exit code 1 if a promise did not hold anywhere.

With names as arguments only those suites: `make reliability ARGS="crashes load"`.
"""

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from tests.reliability import suites
from tests.reliability.finding import Finding

HEAD = "| suite | what was tried | times | held | seconds | figures |\n|---|---|---|---|---|---|"

LAST = "secrets"
"""The suite that searches what the others wrote down."""


def main(wanted: list[str]) -> int:
    """Go through the wanted suites, or all; print a line for each finding as it comes."""
    logging.getLogger("azure").setLevel(logging.WARNING)
    known = suite_names()
    if unknown := sorted(set(wanted) - set(known)):
        sys.stderr.write(f"No such suite: {', '.join(unknown)}. There are: {', '.join(known)}.\n")
        return 2
    _write(HEAD)
    findings = [finding for name in known if not wanted or name in wanted for finding in _printed(name)]
    for trouble in (trouble for finding in findings for trouble in finding.troubles):
        _write(f"\nDID NOT HOLD: {trouble}")
    good = bool(findings) and all(finding.good for finding in findings)
    _write("\nEvery promise held." if good else "\nA promise did not hold: see above.")
    return 0 if good else 1


def suite_names() -> list[str]:
    """Every suite, by its file's name; the search for secrets comes last."""
    return sorted((module.name for module in iter_modules(suites.__path__)), key=lambda name: (name == LAST, name))


def _printed(name: str) -> Iterator[Finding]:
    began = time.monotonic()
    for finding in _findings(name):
        ended = time.monotonic()
        held = f"{finding.held}" if finding.good else f"**{finding.held}**"
        cells = (name, finding.tried, finding.times, held, f"{ended - began:.0f}", finding.figures)
        _write("| " + " | ".join(map(str, cells)) + " |")
        began = ended
        yield finding


def _findings(name: str) -> Iterator[Finding]:
    """A suite that breaks is a line too: the others go on."""
    try:
        yield from import_module(f"tests.reliability.suites.{name}").findings()
    except Exception:
        yield Finding(f"{name} broke off", 1, 0, troubles=(traceback.format_exc(),))


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
