"""The tables of docs/rights.md that are held equal to what was measured."""

import re

from devstack.places import ROOT

from .rights_measured import Rights

DOCUMENT = ROOT / "docs" / "rights.md"
_TABLE = re.compile(r"^\| on \| operations \|\n\|---\|---\|\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)


def documented() -> Rights:
    """What the tables under *Measured* say, by what the operations are on."""
    section = DOCUMENT.read_text("utf-8").partition("## Measured\n")[2].partition("\n## ")[0]
    rows = [row for table in _TABLE.finditer(section) for row in table["rows"].splitlines()]
    cells = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return {on: frozenset(operations.split(", ")) for on, operations in cells}
