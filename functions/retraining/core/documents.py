"""Run and slot documents as JSON: what stands in storage (promise 10)."""

import msgspec

from . import run as runs
from . import slot as slots
from .errors import Unreadable
from .run import Run
from .slot import Slot


class _Schema(msgspec.Struct):
    schema: int


def encode(document: Run | Slot) -> bytes:
    """The document as JSON, one key a line: people read it in the portal."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1)


def decode_run(content: bytes, where: str) -> Run:
    """The run in `content`. Raises Unreadable naming `where` if it is damaged or of a schema unknown here."""
    return _decode(content, where, Run, runs.SCHEMA)


def decode_slot(content: bytes, where: str) -> Slot:
    """The slot in `content`. Raises Unreadable naming `where` if it is damaged or of a schema unknown here."""
    return _decode(content, where, Slot, slots.SCHEMA)


def _decode[T: (Run, Slot)](content: bytes, where: str, kind: type[T], known: int) -> T:
    try:
        schema = msgspec.json.decode(content, type=_Schema).schema
        if schema != known:
            message = (
                f"{where} has schema {schema}; this version of the app knows schema {known} and leaves it as it is"
            )
            raise Unreadable(message)
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        message = f"{where} is damaged and is left as it is: {error}"
        raise Unreadable(message) from error
    except UnicodeDecodeError as error:
        message = f"{where} is damaged and is left as it is: {error}"
        raise Unreadable(message) from error
