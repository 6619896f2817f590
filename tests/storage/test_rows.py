"""Counting rows in a stream: what a row is, and that neither length nor number of lines costs memory."""

import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.retraining.storage.rows import LONGEST_LINE, has_rows

ARFF = b"% made by hand\r\n@RELATION r\r\n\r\n@ATTRIBUTE a NUMERIC\r\n@DATA\r\n1\r\n% a comment\r\n\r\n2\r\n3"


def rows_of(content: bytes, *, arff: bool = False, chunk: int = 1 << 20) -> int:
    """How many rows there are: the most for which `has_rows` says yes."""
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    return next(rows for rows in range(10_000) if not has_rows(iter(chunks), rows + 1, arff=arff))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"", 0),
        (b"a,b", 0),
        (b"a,b\n", 0),
        (b"a,b\n1,2", 1),
        (b"a,b\n1,2\n", 1),
        (b"a,b\r\n1,2\r\n3,4\r\n", 2),
        (b"\n\na,b\n\n1,2\n \t\n3,4\n\n", 2),
        (b"\xef\xbb\xbfa,b\n1,2\n", 1),
        (b"a\n% no comment in CSV\n", 1),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 3, 1 << 20])
def test_rows_of_csv_are_the_lines_below_the_header(content: bytes, rows: int, chunk: int) -> None:
    assert rows_of(content, chunk=chunk) == rows


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (ARFF, 3),
        (ARFF.replace(b"\r\n", b"\n"), 3),
        (ARFF.replace(b"@DATA", b"  @data  "), 3),
        (b"@RELATION r\n@ATTRIBUTE a NUMERIC\n", 0),
        (b"@DATA", 0),
        (b"@DATA\n%1\n", 0),
        (b"@data\n1", 1),
        (b"@DATABASE\n1\n2\n", 0),
    ],
)
@pytest.mark.parametrize("chunk", [1, 4, 1 << 20])
def test_rows_of_arff_are_the_lines_after_data_that_are_no_comment(content: bytes, rows: int, chunk: int) -> None:
    assert rows_of(content, arff=True, chunk=chunk) == rows


@given(
    lines=st.lists(st.binary(max_size=20), max_size=30),
    cuts=st.lists(st.integers(0, 700), max_size=20),
    end=st.sampled_from([b"\n", b"\r\n"]),
)
def test_where_the_stream_is_cut_does_not_matter(lines: list[bytes], cuts: list[int], end: bytes) -> None:
    content = end.join(lines)
    edges = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    chunks = [content[start:stop] for start, stop in pairwise(edges)]
    filled = [line for line in content.split(b"\n") if line.strip()]
    rows = max(len(filled) - 1, 0)
    assert has_rows(iter(chunks), rows, arff=False)
    assert not has_rows(iter(chunks), rows + 1, arff=False)


def test_no_rows_are_wanted_and_there_are_none() -> None:
    assert has_rows(iter([]), 0, arff=False)


def test_it_is_read_no_further_than_needed() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a,b\n1,2\n3,4\n"
        pytest.fail("read on")

    assert has_rows(chunks(), 2, arff=False)


MEGABYTE = 1 << 20
SHAPES = {
    "one line without end": [b"a\n", *[b"x" * MEGABYTE] * 64],
    "empty lines": [b"a\n", *[b"\n" * MEGABYTE] * 16],
    "very short lines": [b"@data\n", *[b"%1\n" * (MEGABYTE // 3)] * 8],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_stays_small_whatever_the_lines(shape: str) -> None:
    chunks = SHAPES[shape]
    tracemalloc.start()
    try:
        assert not has_rows(iter(chunks), 2, arff=chunks[0] == b"@data\n")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * LONGEST_LINE, f"{peak / MEGABYTE:.1f} MB"


def test_a_huge_line_is_one_row() -> None:
    chunks = [b"a\n", *[b"x" * MEGABYTE] * 5, b"\ny\n"]
    assert has_rows(iter(chunks), 2, arff=False)
    assert not has_rows(iter(chunks), 3, arff=False)
