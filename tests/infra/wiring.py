"""Do the Bicep files fit together? Each rule gives what is wrong, in words."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .bicep import Module, Template

MAIN = "main.bicep"
ENTRIES = {MAIN, "events.bicep"}
"""What is deployed by itself; every other file is somebody's module."""

_API_VERSION = r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(-preview)?"


def modules_troubles(templates: Mapping[str, Template]) -> Iterator[str]:
    """A module is a file of this folder, gets each parameter that it needs and none that it does not know."""
    for template in templates.values():
        for module in template.modules:
            file = _file_of(template, module)
            if not module.is_local or file not in templates:
                yield f"{template.name}: module {module.symbol} is {module.path}, no file of infra/"
            else:
                yield from _parameters_troubles(f"{template.name}: {module.symbol}", module, templates[file])


def orphans(templates: Mapping[str, Template]) -> Iterator[str]:
    """A file that nothing deploys."""
    used = {_file_of(template, module) for template in templates.values() for module in template.modules}
    return (name for name in templates if name not in used | ENTRIES)


def unused(template: Template) -> Iterator[str]:
    """A parameter or variable that no expression of its file uses."""
    words = set(template.words)
    return (f"{template.name}: {name}" for name in {**template.parameters, **template.variables} if name not in words)


def unread_outputs(templates: Mapping[str, Template]) -> Iterator[str]:
    """A module's output that no other file reads; main's are azd's (see the settings rules)."""
    for name, template in templates.items():
        if name not in ENTRIES:
            read = {found for other in templates.values() for found in _outputs_read(other, name)}
            yield from (f"{name}: {output}" for output in template.outputs if output not in read)


def unknown_outputs(templates: Mapping[str, Template]) -> Iterator[str]:
    """An output that is read, but that its module does not have."""
    for template in templates.values():
        for module in template.modules:
            known = templates[_file_of(template, module)].outputs
            yield from (
                f"{template.name}: {module.symbol}.{read}" for read in _read(template, module) if read not in known
            )


def secret_outputs(template: Template) -> Iterator[str]:
    """An output made of a key or of a secure parameter: deployments and azd keep outputs in plain text."""
    secure = {name for name, each in template.parameters.items() if {"type": "secure"} in each["decorators"]}
    for name, value in template.outputs.items():
        words = set(re.findall(r"\w+", str(value)))
        if words & secure or any(word.lower().startswith("listkeys") for word in words):
            yield f"{template.name}: {name}"


def malformed_api_versions(template: Template) -> Iterator[str]:
    """Not of the form 2024-04-01 or 2024-04-01-preview."""
    for each in template.resources:
        if not re.fullmatch(_API_VERSION, each.api_version):
            yield f"{template.name}: {each.symbol} has {each.api_version}"


def declared_twice(template: Template) -> Iterator[str]:
    """A name that two declarations of one kind share: the parser keeps the last and says nothing."""
    found = Counter(re.findall(r"(?m)^(param|var|output|resource|module) +(\w+)", template.text))
    return (f"{template.name}: {kind} {name}" for (kind, name), times in found.items() if times > 1)


def _parameters_troubles(who: str, module: Module, target: Template) -> Iterator[str]:
    given, known = set(module.body.get("params", {})), target.parameters
    needed = {name for name, each in known.items() if _is_needed(each)}
    yield from (f"{who} gets {name}, which {target.name} does not know" for name in sorted(given - set(known)))
    yield from (f"{who} does not get {name}, which {target.name} needs" for name in sorted(needed - given))


def _is_needed(parameter: Mapping[str, Any]) -> bool:
    return parameter["default"] is None


def _file_of(template: Template, module: Module) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(template.name), module.path))


def _outputs_read(template: Template, file: str) -> Iterator[str]:
    return (name for each in template.modules if _file_of(template, each) == file for name in _read(template, each))


def _read(template: Template, module: Module) -> list[str]:
    return re.findall(rf"\b{module.symbol}\.outputs\.(\w+)", template.text)
