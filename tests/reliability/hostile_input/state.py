"""Run documents and slots that somebody damaged: refused by name, or meaning exactly what is written."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from functions.retraining.core.documents import decode_run, decode_slot, encode
from functions.retraining.core.errors import Unreadable
from functions.retraining.core.run import Run
from functions.retraining.core.slot import Slot
from tests.core.test_run_documents import RUNS, SLOTS

from .mutation import changed, damaged

WHERE = "retraining/open/one.json"
DECODERS: Mapping[str, Callable[[bytes, str], Run | Slot]] = {"run": decode_run, "slot": decode_slot}


def documents(kind: str) -> SearchStrategy[tuple[str, bytes]]:
    """Documents of this kind, changed as JSON or damaged as bytes."""
    whole = (RUNS if kind == "run" else SLOTS).map(encode)
    return st.tuples(st.just(kind), whole.flatmap(lambda content: changed(content) | damaged(content)))


def check_document(document: tuple[str, bytes]) -> None:
    """Only Unreadable comes out, naming the document; what is accepted says what is written."""
    kind, content = document
    try:
        read = DECODERS[kind](content, WHERE)
    except Unreadable as error:
        assert WHERE in str(error)  # noqa: PT017 - the error is one of two good ends
        return
    says_the_same(json.loads(content), json.loads(encode(read)))
    assert DECODERS[kind](encode(read), WHERE) == read


def says_the_same(written: Any, read: Any, where: str = "$") -> None:  # noqa: ANN401 - any JSON
    """Whether what was read is what was written. What was left out has its default, as in an older document."""
    if isinstance(read, dict) and isinstance(written, dict):
        for name in read.keys() & written.keys():
            says_the_same(written[name], read[name], f"{where}.{name}")
    elif isinstance(read, list) and isinstance(written, list):
        assert len(read) == len(written), where
        for index, (one, other) in enumerate(zip(written, read, strict=True)):
            says_the_same(one, other, f"{where}[{index}]")
    else:
        assert _same(written, read), f"{where}: {written!r} was read as {read!r}"


def _same(written: object, read: object) -> bool:
    if type(written) is not type(read):
        return False
    return written == read or _same_moment(written, read)


def _same_moment(written: object, read: object) -> bool:
    """RFC 3339 takes a small z and t for the large ones."""
    try:
        return datetime.fromisoformat(str(written).upper()) == datetime.fromisoformat(str(read))
    except (ValueError, TypeError):
        return False
