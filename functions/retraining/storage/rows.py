"""Counting rows in a stream, in constant memory. Pure."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice

LONGEST_LINE = 1024 * 1024
"""Bytes. What goes on beyond is still the same row; its rest is not kept."""


def has_rows(chunks: Iterable[bytes], rows: int, *, arff: bool) -> bool:
    """Whether there are at least `rows` rows; `chunks` is read no further than needed.

    Of ARFF the lines after @DATA that are no comment; of CSV and TSV the lines after the header. Empty lines are none.
    """
    lines = (line for line in _lines(chunks) if line)
    data = _arff_data(lines) if arff else islice(lines, 1, None)
    return sum(1 for _ in islice(data, rows)) >= rows


def _arff_data(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.lower() == b"@data":
            break
    return (line for line in lines if not line.startswith(b"%"))


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        for line in BytesIO(rest + chunk):
            rest = b"" if line.endswith(b"\n") else line[:LONGEST_LINE]
            if not rest:
                yield line.strip()
    yield rest.strip()
