"""A place in a JSON document that can be asked for what it holds, and writes down what is wrong with it.

Why not a library: the faults of all documents shall be told at once. msgspec stops at a document's first fault;
pydantic and cattrs collect them, but would bring their own import into every cold start, of which this package may
take 50 ms. What is left to write is this file, with plain classes, as dataclasses cost import time too.

Readers answer None (or nothing, for collections) after recording a fault, so a caller asks for everything first and
only then looks at what is there. JSON's null reads as absent.
"""

import re
import sys
from collections.abc import Callable, Mapping

from .findings import Findings, Unset
from .vocabulary import Vocabulary

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None

EXPRESSION = "an expression of Data Factory v2, which only Data Factory can work out; write its value, or a %SETTING%"
_PLAIN_KEY = r"[A-Za-z_$][A-Za-z0-9_$]*"


class Members(dict[str, JSON]):
    """A JSON object that remembers which names were written twice."""

    repeated: tuple[str, ...] = ()


def kind_of(value: JSON) -> str:
    """Name a JSON value's type in words; never the value itself, which may be a secret."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "an array"
    return "an object"


def quoted(text: str) -> str:
    """Show a short piece of the user's own text, with anything unprintable escaped."""
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


class Node:
    """One value, with its file and JSON path. Not to be changed."""

    __slots__ = ("file", "findings", "path", "value")

    def __init__(self, value: JSON, file: str, path: str, findings: Findings) -> None:
        self.value = value
        self.file = file
        self.path = path
        self.findings = findings

    @property
    def where(self) -> str:
        """File and JSON path, as faults name them."""
        return f"{self.file} {self.path}"

    @property
    def absent(self) -> bool:
        """Whether there is nothing here."""
        return self.value is None

    def fault(self, problem: str) -> None:
        """Record a fault at this place."""
        self.findings.fault(self.where, problem)

    def notice(self, problem: str) -> None:
        """Record a notice at this place."""
        self.findings.notice(self.where, problem)

    def not_supported(self, what: str) -> None:
        """Record a fault: ignoring what stands here would change what a run does."""
        self.fault(f"is not supported ({what})")

    def expected(self, what: str) -> None:
        """Record a fault: the value is of the wrong type. The value itself is not shown."""
        self.fault(f"expected {what}, found {kind_of(self.value)}")

    def text(self) -> str | None:
        """Text that is not empty, its settings replaced; Unset where one is missing."""
        if self.absent:
            return None
        if not isinstance(self.value, str):
            self._tell_no_text()
            return None
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            self.fault("holds half of a surrogate pair; expected whole characters")
            return None
        if not self.value.strip():
            self.fault("is empty; expected text")
            return None
        return self.findings.resolve(self.where, self.value)

    def text_by(self, rule: Callable[[str], str | None]) -> str | None:
        """Text that keeps a rule, which answers what is wrong. Unset text is not judged."""
        text = self.text()
        if text is None or isinstance(text, Unset):
            return text
        problem = rule(text)
        if problem is not None:
            self.fault(problem)
            return None
        return text

    def number(self, low: float) -> float | None:
        """A number from `low` on; none that is endless."""
        if self.absent:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.expected(f"a number from {low:g} on")
            return None
        if not low <= self.value <= sys.float_info.max:
            self.fault(f"is out of range; expected a number from {low:g} on")
            return None
        return self.value

    def whole_number(self, low: int, high: int) -> int | None:
        """A whole number within bounds, both included."""
        if self.absent:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.expected(f"a whole number from {low} to {high}")
            return None
        if not low <= self.value <= high:
            self.fault(f"is out of range; expected a whole number from {low} to {high}")
            return None
        return self.value

    def truth(self) -> bool | None:
        """True or false."""
        if isinstance(self.value, bool):
            return self.value
        if not self.absent:
            self.expected("true or false")
        return None

    def items(self) -> list["Node"]:
        """An array's elements that are there; a null among them is a fault."""
        if not isinstance(self.value, list):
            if not self.absent:
                self.expected("an array")
            return []
        nodes = [self._at(f"[{index}]", value) for index, value in enumerate(self.value)]
        return [node for node in nodes if node.is_there()]

    def entries(self) -> dict[str, "Node"]:
        """An object whose names are the user's own (ports, parameters); a null in it is a fault."""
        if not isinstance(self.value, dict):
            if not self.absent:
                self.expected("an object")
            return {}
        self._tell_repeated()
        nodes = {name: self.member(name) for name in self.value}
        return {name: node for name, node in nodes.items() if node.is_there()}

    def fields(self, vocabulary: Vocabulary) -> "Fields | None":
        """An object of known properties; tells at once about those that are not read."""
        if self.absent:
            return None
        if not isinstance(self.value, dict):
            self.expected("an object")
            return None
        self._tell_repeated()
        for name in self.value:
            _tell(self.member(name), name, vocabulary)
        return Fields(self)

    def member(self, name: str) -> "Node":
        """An object's property, absent if it has none of that name."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return self._at(f".{name}" if re.fullmatch(_PLAIN_KEY, name) else f"[{name!r}]", value)

    def nothing(self) -> "Node":
        """The same place with nothing in it."""
        return Node(None, self.file, self.path, self.findings)

    def is_there(self) -> bool:
        """Whether there is something here; nothing is a fault."""
        if self.absent:
            self.fault("is null; expected a value")
        return not self.absent

    def _tell_no_text(self) -> None:
        if isinstance(self.value, dict) and self.value.get("type") == "Expression":
            self.not_supported(EXPRESSION)
        else:
            self.expected("text")

    def _at(self, step: str, value: JSON) -> "Node":
        return Node(value, self.file, self.path + step, self.findings)

    def _tell_repeated(self) -> None:
        for name in self.value.repeated if isinstance(self.value, Members) else ():
            self.member(name).fault("is written twice in the same object; keep one")


class Fields:
    """An object's properties by name."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def find(self, name: str) -> Node:
        """A property that may be absent."""
        return self.node.member(name)

    def need(self, name: str, what: str) -> Node:
        """A property that must be there; if it is not, that is a fault which says `what` belongs there."""
        node = self.node.member(name)
        if node.absent:
            node.fault(f"is missing; expected {what}")
        return node


def _tell(node: Node, name: str, vocabulary: Vocabulary) -> None:
    """Say what becomes of a property that is not read."""
    if node.absent or name in vocabulary.read or name in vocabulary.quiet:
        return
    if name in vocabulary.unused:
        node.notice(f"not used by an event-driven run: {vocabulary.unused[name]}")
    elif name in vocabulary.unsupported:
        _tell_unsupported(node, vocabulary.unsupported[name])
    else:
        _tell_unknown(node, name, _by_lower_case(vocabulary))


def _tell_unsupported(node: Node, what: str) -> None:
    """What Data Factory's own pages export empty (`parameters: {}`) says nothing."""
    if node.value not in ({}, []):
        node.not_supported(what)


def _tell_unknown(node: Node, name: str, known: Mapping[str, str]) -> None:
    """A known name in the wrong letters is a fault, as ignoring it could change a run; others are only ignored."""
    meant = known.get(name.lower())
    if meant is None:
        node.notice("unknown property, ignored")
    else:
        node.fault(f"is spelled wrong; expected {meant}")


def _by_lower_case(vocabulary: Vocabulary) -> dict[str, str]:
    return {name.lower(): name for name in vocabulary.known}
