"""HTTP routes: `runs/{id}/log`, below the route prefix, as ASP.NET matches them.

Literal parts ignore case; `{id}` takes one whole segment, `{*rest}` all that remain. Constraints (`{id:int}`),
optional parameters (`{id?}`) and mixed segments (`run-{id}`) are not supported and refused at start.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from devstack.trigger_host.errors import TriggerHostError

_PARAMETER = re.compile(r"\{(\*?)([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Segment:
    """One part of a route: a literal text, or a parameter (`catch_all`: for all remaining parts)."""

    text: str
    is_parameter: bool = False
    catch_all: bool = False


@dataclass(frozen=True)
class Route:
    """A route, parsed. `text` is as declared, without the prefix."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def precedence(self) -> tuple[int, ...]:
        """Routes with smaller precedence are tried first: literals, then parameters, then a catch-all."""
        return tuple(segment.is_parameter + segment.catch_all for segment in self.segments)

    def match(self, raw_path: str) -> dict[str, str] | None:
        """Return the route parameters if the path (URL-encoded, without prefix) matches, else None."""
        parts = [part for part in raw_path.split("/") if part]
        values: dict[str, str] = {}
        for position, segment in enumerate(self.segments):
            if segment.catch_all:
                values[segment.text] = "/".join(map(_decoded, parts[position:]))
                return values
            if position >= len(parts) or not _matches(segment, parts[position], values):
                return None
        return values if len(parts) == len(self.segments) else None


def parse_route(text: str, where: str) -> Route:
    """Parse a route; `where` names function and binding for the TriggerHostError on one that is not supported."""
    segments = tuple(_segment(part, text, where) for part in text.strip("/").split("/") if part)
    if any(segment.catch_all for segment in segments[:-1]):
        raise TriggerHostError(f"{where}: in the route {text!r} only the last part may be {{*...}}.")
    return Route(text.strip("/"), segments)


def _segment(part: str, text: str, where: str) -> Segment:
    parameter = _PARAMETER.fullmatch(part)
    if parameter:
        return Segment(parameter[2], is_parameter=True, catch_all=bool(parameter[1]))
    if "{" in part or "}" in part:
        raise TriggerHostError(f"{where}: {part!r} in the route {text!r} is not supported; use a plain {{name}}.")
    return Segment(part)


def _matches(segment: Segment, part: str, values: dict[str, str]) -> bool:
    if not segment.is_parameter:
        return _decoded(part).casefold() == segment.text.casefold()
    values[segment.text] = _decoded(part)
    return True


def _decoded(part: str) -> str:
    # ASP.NET leaves an encoded slash encoded, so that a value never looks like two segments.
    return unquote(re.sub("%2f", "%252F", part, flags=re.IGNORECASE))
