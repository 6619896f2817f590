"""Labeled examples as ARFF: streamed line by line, the last attribute is the label."""

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Final

import arff
import numpy as np

from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.schema import (
    CHUNK_ROWS,
    MISSING_CATEGORY,
    Chunk,
    Examples,
    Feature,
    check_finite,
)

_NUMERIC: Final = ("NUMERIC", "REAL", "INTEGER")


def read_arff(text: IO[str]) -> Examples:
    """Read the header now and the rows as they are asked for; closes `text` after the last one.

    Raises TrainingFault for bad ARFF, naming the line.
    """
    lines = _CountedLines(text)
    try:
        document = arff.ArffDecoder().decode(lines, return_type=arff.DENSE_GEN)
    except arff.ArffException as error:
        text.close()
        raise TrainingFault(f"This is not ARFF: line {lines.number}: {_reason(error)}") from error
    attributes = document["attributes"]
    features = tuple(_feature(name, kind) for name, kind in attributes[:-1])
    return Examples(features, attributes[-1][0], _chunks(_rows(document["data"], text, lines), features, lines))


class _CountedLines:
    """The file's lines, knowing how many were read: the decoder's own errors lose the line once rows stream."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def _reason(error: arff.ArffException) -> str:
    if isinstance(error, arff.BadLayout):
        return "expected is @RELATION, then @ATTRIBUTE for each column, then @DATA, then the rows"
    # The decoder's messages end with a line number of their own, which is -1 while rows stream.
    return re.sub(r",? at line -?\d+\.?$", "", str(error)).rstrip(".")


def _feature(name: str, kind: str | list[str]) -> Feature:
    if isinstance(kind, list):
        return Feature(name, tuple(kind))
    if kind in _NUMERIC:
        return Feature(name)
    raise TrainingFault(f"Attribute {name!r} is {kind}: only numeric and nominal attributes can be learned from.")


def _rows(rows: Iterable[list[Any]], text: IO[str], lines: _CountedLines) -> Iterator[list[Any]]:
    try:
        with text:
            yield from rows
    except arff.ArffException as error:
        raise TrainingFault(f"Line {lines.number}: {_reason(error)}.") from error


def _chunks(rows: Iterator[list[Any]], features: tuple[Feature, ...], lines: _CountedLines) -> Iterator[Chunk]:
    encoders = [_encoder(feature) for feature in features]
    for first_row in itertools.count(1, CHUNK_ROWS):
        values, labels = [], []
        for row in itertools.islice(rows, CHUNK_ROWS):
            values.append(_encoded(encoders, row, lines))
            labels.append(_label(row[-1], lines))
        if not labels:
            return
        matrix = np.array(values, dtype=np.float64)
        check_finite(matrix, features, first_row)
        yield Chunk(matrix, labels)


def _encoder(feature: Feature) -> Callable[[Any], float]:
    if feature.categories is None:
        return lambda value: math.nan if value is None else float(value)
    codes: dict[str | None, float] = {name: float(code) for code, name in enumerate(feature.categories)}
    codes[None] = MISSING_CATEGORY
    return codes.__getitem__


def _encoded(encoders: Sequence[Callable[[Any], float]], row: list[Any], lines: _CountedLines) -> list[float]:
    try:
        return [encode(value) for encode, value in zip(encoders, row[:-1], strict=True)]
    except (KeyError, ValueError) as error:
        raise TrainingFault(f"Line {lines.number}: a value cannot be used: {error}.") from error


def _label(value: Any, lines: _CountedLines) -> str:  # noqa: ANN401 - text or number, as the attribute says
    if value is None:
        raise TrainingFault(f"Line {lines.number}: the label is missing.")
    return f"{value:g}" if isinstance(value, float) else str(value)
