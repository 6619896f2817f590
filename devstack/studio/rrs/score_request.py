"""RRS bodies, in and out: the table form and the swagger form."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from devstack.studio.errors import Refusal

SCORED_LABELS: Final = "Scored Labels"
SCORED_PROBABILITIES: Final = "Scored Probabilities"

Scores = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a call, all values as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> list[dict[str, str]]:
        """Each row by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def read_table(body: bytes, port: str, *, as_swagger: bool) -> Table:
    """The input port's rows. Raises Refusal for a body that has none or whose rows do not fit."""
    try:
        table = json.loads(body)["Inputs"][port]
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("RequestBodyInvalid") from error
    try:
        return _of_records(table) if as_swagger else _of_columns(table)
    except (KeyError, TypeError, AttributeError) as error:
        raise Refusal("InputParseError", f"this is not the {'swagger' if as_swagger else 'table'} form") from error


def table_answer(table: Table, scores: Scores, *, with_details: bool) -> dict[str, Any]:
    """The rows with label and probability appended; names and types only with `details=true`."""
    rows = [[*row, label, repr(chance)] for row, (label, chance) in zip(table.rows, scores, strict=True)]
    value: dict[str, Any] = {"Values": rows}
    if with_details:
        types = ["String"] * (len(table.columns) + 1) + ["Double"]
        names = [*table.columns, SCORED_LABELS, SCORED_PROBABILITIES]
        value = {"ColumnNames": names, "ColumnTypes": types, **value}
    return {"type": "table", "value": value}


def swagger_answer(table: Table, scores: Scores) -> list[dict[str, str]]:
    """The rows as objects, with label and probability added."""
    return [
        {**record, SCORED_LABELS: label, SCORED_PROBABILITIES: repr(chance)}
        for record, (label, chance) in zip(table.records(), scores, strict=True)
    ]


def _of_columns(table: Mapping[str, Any]) -> Table:
    columns = tuple(str(name) for name in table["ColumnNames"])
    rows = tuple(tuple(_text(value) for value in row) for row in table["Values"])
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise Refusal("InputParseError", f"row {number} has {len(row)} values for {len(columns)} columns")
    return Table(columns, rows)


def _of_records(records: Sequence[Mapping[str, Any]]) -> Table:
    columns = tuple(records[0]) if records else ()
    if any(set(record) != set(columns) for record in records):
        raise Refusal("InputParseError", "the rows do not all have the same columns")
    return Table(columns, tuple(tuple(_text(record[name]) for name in columns) for record in records))


def _text(value: object) -> str:
    return "" if value is None else str(value)
