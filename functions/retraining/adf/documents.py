"""A document's text to JSON, and the envelope that every Data Factory document has: name and properties."""

import json
from collections import Counter
from typing import NamedTuple, cast

from .findings import Findings
from .names import name_problem
from .node import JSON, Members, Node
from .vocabulary import ENVELOPE

_BYTE_ORDER_MARK = "\ufeff"


class Document(NamedTuple):
    """One document: the name it goes by and what it defines.

    `is_named` says whether the name is its own; a document without one that can be read goes by its file's.
    """

    name: str
    is_named: bool
    name_node: Node
    properties: Node


def read_document(file: str, text: str, findings: Findings) -> Document:
    """Read a document's envelope.

    Whatever is wrong with it, it goes by a name: so one fault does not make every reference to it another one.
    """
    stem = file.rpartition("/")[2].rpartition(".")[0] or file
    root = parse_object(file, text, findings)
    fields = root.fields(ENVELOPE)
    if fields is None:
        return Document(stem, is_named=False, name_node=root.member("name"), properties=root.member("properties"))
    name_node = fields.need("name", "the name that references use")
    properties = fields.need("properties", "an object with the definition")
    name = name_node.text_by(name_problem)
    return Document(name or stem, name is not None, name_node, properties)


def parse_object(file: str, text: str, findings: Findings) -> Node:
    """Parse a JSON object in UTF-8, with or without byte order mark; absent, after a fault, if it is anything else.

    Bytes that are not UTF-8 arrive as `surrogateescape` decodes them.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    problem = _undecodable(text)
    value: JSON = None
    if problem is None:
        value, problem = _parse(text)
    root = Node(value, file, "$", findings)
    if problem is None and not isinstance(value, dict):
        root.expected("an object")
    if problem is not None:
        root.fault(problem)
    return root if isinstance(value, dict) else Node(None, file, "$", findings)


def _parse(text: str) -> tuple[JSON, str | None]:
    """Answer the value, or what is wrong: never the text around it, which may hold a secret."""
    try:
        return cast("JSON", json.loads(text, object_pairs_hook=_members, parse_constant=_refuse)), None
    except json.JSONDecodeError as error:
        return None, f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    except RecursionError:
        return None, "is not JSON that can be read: nested too deeply"
    except ValueError:
        return None, "is not JSON that can be read: it holds NaN, Infinity or a number of thousands of digits"


def _members(pairs: list[tuple[str, JSON]]) -> Members:
    members = Members(pairs)
    if len(members) < len(pairs):
        written = Counter(name for name, _ in pairs)
        members.repeated = tuple(name for name, times in written.items() if times > 1)
    return members


def _refuse(_constant: str) -> JSON:
    raise ValueError


def _undecodable(text: str) -> str | None:
    for index, character in enumerate(text) if not text.isascii() else ():
        if "\ud800" <= character <= "\udfff":
            line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
            return f"is not UTF-8 (line {line}, column {column}); save the file as UTF-8"
    return None
