"""The definitions of one kind by name, and what references to them find."""

from typing import NamedTuple

from .documents import Document
from .findings import Unset
from .names import name_problem
from .node import Node, quoted
from .vocabulary import REFERENCE


class Entry[T](NamedTuple):
    """A definition, or None if it is at fault: then its own fault says so, and references to it stay quiet."""

    name: str
    properties: Node
    definition: T | None


class Shelf[T]:
    """Definitions by name, in any letter case: Data Factory's names are the same in either."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.entries: dict[str, Entry[T]] = {}

    def put(self, document: Document, definition: T | None) -> None:
        """Add a definition. A name that is taken is a fault, and the first one keeps it."""
        taken = self.entries.get(document.name.casefold())
        if taken is not None and document.is_named:
            problem = f"{quoted(document.name)} is the name of another {self.kind}, in {taken.properties.file}"
            document.name_node.fault(f"{problem}; expected a name of its own")
        if taken is None:
            entry = Entry(document.name, document.properties, definition)
            self.entries[document.name.casefold()] = entry

    def resolve[D](self, node: Node, wanted: type[D], wanted_type: str) -> D | None:
        """Find what a reference names. A name that leads nowhere, or to another type, is a fault."""
        named = reference(node)
        name = named.text()
        if name is None or isinstance(name, Unset):
            return None
        entry = self.entries.get(name.casefold())
        if entry is None:
            named.fault(f"there is no {self.kind} {self._shown(named)}; {self._candidates(wanted)}")
            return None
        if isinstance(entry.definition, wanted) or entry.definition is None:
            return entry.definition
        problem = f"the {self.kind} {self._shown(named)} is not of type {wanted_type}; {self._candidates(wanted)}"
        named.fault(problem)
        return None

    def source(self, name: str, property_name: str) -> Node:
        """Where a definition's document has (or lacks) one of its type's own properties."""
        return self.properties(name).member("typeProperties").member(property_name)

    def properties(self, name: str) -> Node:
        """A definition's `properties`."""
        return self.entries[name.casefold()].properties

    def _candidates(self, wanted: type[object]) -> str:
        names = [e.name for e in self.entries.values() if e.definition is None or isinstance(e.definition, wanted)]
        return f"expected one of: {', '.join(names[:20])}" if names else "none is defined"

    def _shown(self, node: Node) -> str:
        """What the document says, never what a setting holds; nothing that is no name, as it may be a misplaced key."""
        is_name = isinstance(node.value, str) and name_problem(node.value) is None
        return quoted(str(node.value)) if is_name else "of what is written here"


def reference(node: Node) -> Node:
    """Where a reference has its name: v1 writes the name alone, v2 an object around it."""
    if not is_v2_reference(node):
        return node
    fields = node.fields(REFERENCE)
    return node if fields is None else fields.need("referenceName", "the name that is referred to")


def is_v2_reference(node: Node) -> bool:
    """Whether a reference is in v2's spelling."""
    return isinstance(node.value, dict) and node.value.get("type") != "Expression"
