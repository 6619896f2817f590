"""Run and slot documents as JSON: what stands in storage (promise 10)."""

import msgspec

from . import run as runs
from . import slot as slots
from .errors import Unreadable
from .run import Run
from .slot import Slot

PUT_BACK = (
    "Put an earlier version of it back (blob versioning, soft delete); docs/reliability.md says what can be done "
    "where there is none."
)
DEPLOY = "Deploy the version of the app that wrote it, or a later one."


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


def expect_about(where: str, found: str, wanted: str) -> None:
    """Raise Unreadable for a document that was copied over another one: it would be saved under the other's name."""
    if found != wanted:
        raise Unreadable(where, f"is damaged and is left as it is: it is about {found}, not {wanted}", PUT_BACK)


def _decode[T: (Run, Slot)](content: bytes, where: str, kind: type[T], known: int) -> T:
    try:
        text = content.decode()  # msgspec looks at no byte of what it skips; damage may have made a key unknown
        schema = msgspec.json.decode(text, type=_Schema).schema
        if schema != known:
            problem = f"has schema {schema}; this version of the app knows schema {known} and leaves it as it is"
            raise Unreadable(where, problem, DEPLOY)
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(where, f"is damaged and is left as it is: {error}", PUT_BACK) from error
