"""The `path` of a blob trigger: `container/pattern`, the pattern with `{name}` in it.

As the real host matches it (WebJobs BindingTemplateSource): the container's name ignoring case, the pattern against
the whole rest of the path with case; `{name}` matches any text, slashes too; `{{` and `}}` are braces; no pattern
at all matches every blob.
"""

import re
from dataclasses import dataclass

from devstack.trigger_host.errors import TriggerHostError

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class BlobPath:
    """A blob trigger's path, parsed: the container to list and the expression a blob's name must match."""

    text: str
    container: str
    expression: re.Pattern[str]

    def matches(self, name: str) -> bool:
        """Whether the trigger fires for a blob of this name in its container."""
        return self.expression.fullmatch(name) is not None


def parse_blob_path(text: str, where: str) -> BlobPath:
    """Parse `container/pattern`; `where` names function and binding for the TriggerHostError on a bad one."""
    container, _, pattern = text.partition("/")
    if not container or "{" in container or "}" in container:
        raise TriggerHostError(f"{where}: the path {text!r} must begin with a container's name, without {{...}} in it.")
    # Container names are lower case in storage; the real host compares them ignoring case.
    return BlobPath(text, container.lower(), re.compile(_expression(pattern or "{name}", text, where), re.DOTALL))


def _expression(pattern: str, text: str, where: str) -> str:
    parts, seen = [], set[str]()
    for token in _TOKEN.finditer(pattern):
        if token[1] is None:
            parts.append(_literal(token[0], text, where))
        else:
            parts.append(_parameter(token[1], seen, text, where))
    return "".join(parts)


def _literal(token: str, text: str, where: str) -> str:
    if token in ("{", "}"):
        raise TriggerHostError(f"{where}: the path {text!r} has a lone {token!r}; write it twice to mean the brace.")
    return re.escape({"{{": "{", "}}": "}"}.get(token, token))


def _parameter(name: str, seen: set[str], text: str, where: str) -> str:
    if not _PARAMETER.fullmatch(name):
        raise TriggerHostError(f"{where}: {{{name}}} in the path {text!r} is not supported; use a plain {{name}}.")
    if name in seen:
        raise TriggerHostError(f"{where}: {{{name}}} occurs twice in the path {text!r}.")
    seen.add(name)
    return f"(?P<{name}>.*)"
