"""The Bicep files as syntax trees, with what the tree leaves out: which words are used, and in which text.

pycep-parser keeps neither comments nor the difference between a name and a string of one word; `words` has that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pycep import BicepParser

from devstack.places import ROOT

INFRA = ROOT / "infra"


@dataclass(frozen=True)
class Resource:
    """One `resource` declaration: its body without condition and loop."""

    symbol: str
    type: str
    api_version: str
    existing: bool
    body: Mapping[str, Any]
    looped_over: str = ""
    """The name of the list that it is made for each of, if it is a name."""


@dataclass(frozen=True)
class Module:
    """One `module` declaration: the file that it names, and its body."""

    symbol: str
    path: str
    is_local: bool
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """One Bicep file; `name` is its path below infra/."""

    name: str
    text: str

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self._tree.get("parameters", {}))

    @property
    def variables(self) -> dict[str, Any]:
        return {name: each["value"] for name, each in self._tree.get("variables", {}).items()}

    @property
    def outputs(self) -> dict[str, Any]:
        return {name: each["value"] for name, each in self._tree.get("outputs", {}).items()}

    @property
    def resources(self) -> list[Resource]:
        """Every resource, the existing ones too."""
        return [
            Resource(symbol, each["type"], each["api_version"], each["existing"], _body(each["config"]), _list(each))
            for symbol, each in self._tree.get("resources", {}).items()
        ]

    @property
    def made(self) -> list[Resource]:
        """The resources that the file makes or changes."""
        return [each for each in self.resources if not each.existing]

    @property
    def modules(self) -> list[Module]:
        return [
            Module(symbol, each["detail"]["full"], each["type"] == "local", _body(each["config"]))
            for symbol, each in self._tree.get("modules", {}).items()
        ]

    @property
    def words(self) -> list[str]:
        """Every name that an expression uses, in strings' `${}` too; not property keys, comments and declarations."""
        code = re.sub(r"(?m)^\s*(param|var|output|resource|module)\s+\w+", "", code_of(self.text))
        return re.findall(r"(?<= in )[A-Za-z_]\w*|(?<![\w.@])[A-Za-z_]\w*(?!\w*:)", code)

    @property
    def _tree(self) -> Mapping[str, Any]:
        return _parsed(self.text)

    def with_change(self, old: str, new: str) -> "Template":
        """The same file with a planted change; fails if there is nothing to change."""
        assert old in self.text, f"{self.name} has no {old!r}"
        return replace(self, text=self.text.replace(old, new))


def templates() -> dict[str, Template]:
    """Every Bicep file below infra/, by name."""
    found = sorted(INFRA.rglob("*.bicep"))
    return {name: Template(name, path.read_text("utf-8")) for path in found if (name := str(path.relative_to(INFRA)))}


def code_of(text: str) -> str:
    """The text without comments and without the insides of strings, except for what stands in their `${}`."""
    return "".join(_code(_Reader(text)))


class _Reader:
    """A text that is read piece by piece."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def take(self, pattern: str) -> str:
        """What the pattern matches here; empty, and nothing is taken, if it does not."""
        match = re.compile(pattern, re.DOTALL).match(self._text, self._at)
        self._at += len(match[0]) if match else 0
        return match[0] if match else ""


def _code(reader: _Reader, *, until: str = "") -> Iterator[str]:
    depth = 0
    while True:
        reader.take(r"(//[^\n]*|/\*.*?\*/)*")
        token = reader.take(".")
        depth += {"{": 1, "}": -1}.get(token, 0)
        if not token or (token == until and depth < 0):
            return
        if token == "'":
            yield from _inside_string(reader)
        else:
            yield token


def _inside_string(reader: _Reader) -> Iterator[str]:
    yield " "
    while (token := reader.take(r"\\.|\$\{|.")) not in {"'", ""}:
        if token == "${":
            yield from _code(reader, until="}")
            yield " "


@cache
def _parsed(text: str) -> Mapping[str, Any]:
    return BicepParser().parse(text=text)


def _body(config: Mapping[str, Any]) -> Mapping[str, Any]:
    return _body(config["config"]) if set(config) <= {"config", "condition", "loop_type"} else config


def _list(resource: Mapping[str, Any]) -> str:
    loop = resource["config"].get("loop_type", {}).get("detail", {}).get("array_name", "")
    return loop if isinstance(loop, str) else ""
