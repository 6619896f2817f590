"""Which of the studio's behaviour is documented, and which is our own assumption: said at each route.

docs/wire/studio.md shows the same table; a test keeps the two equal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask

_ATTRIBUTE: Final = "__provenance__"


@dataclass(frozen=True, slots=True)
class Provenance:
    """`standing` is `documented` or `our assumption`; `source` says where from, or why so."""

    standing: str
    source: str


@dataclass(frozen=True, slots=True)
class RouteFact:
    """One row of the route table."""

    name: str
    method: str
    rule: str
    standing: str
    source: str


def documented[F: Callable[..., object]](source: str) -> Callable[[F], F]:
    """Mark a route whose behaviour a published document, capture or client shows."""
    return _marker(Provenance("documented", source))


def assumed[F: Callable[..., object]](why: str) -> Callable[[F], F]:
    """Mark a route that no source confirms: it is as we think it should be."""
    return _marker(Provenance("our assumption", why))


def route_table(app: Flask) -> list[RouteFact]:
    """Every route of the app with its standing, sorted by name. Raises LookupError for an unmarked route."""
    return sorted(
        (
            _fact(app, rule.endpoint, method, rule.rule)
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ),
        key=lambda fact: (fact.name, fact.method),
    )


def _marker[F: Callable[..., object]](provenance: Provenance) -> Callable[[F], F]:
    def mark(view: F) -> F:
        setattr(view, _ATTRIBUTE, provenance)
        return view

    return mark


def _fact(app: Flask, name: str, method: str, rule: str) -> RouteFact:
    provenance = getattr(app.view_functions[name], _ATTRIBUTE, None)
    if provenance is None:
        raise LookupError(f"route {name} says neither @documented nor @assumed")
    return RouteFact(name, method, rule, provenance.standing, provenance.source)
