"""Which properties a resource may have, by the models that Microsoft generates from the services' own specifications.

Two families of generated code: the older (msrest) lists dotted names in `_attribute_map`, the newer has a field for
each property and its type as an annotation. Names are checked everywhere, values where a newer model
has them in an enum.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class Shape:
    """The properties of an object, each with its own shape: a model, a Shape, an enum, or None for anything."""

    fields: Mapping[str, "Shape | type | None"]
    subtypes: Mapping[str, Mapping[str, type]] = field(default_factory=dict)
    """Discriminating property -> its value -> the model with the further properties."""


def unknown(value: Any, kind: Shape | type | None, place: str = "") -> Iterator[str]:  # noqa: ANN401 - a syntax tree
    """Where the value has a property that its model does not know, or a text that its enum does not have."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from unknown(item, kind, f"{place}[{i}]")
    elif isinstance(kind, type) and issubclass(kind, Enum):
        if isinstance(value, str) and value not in {each.value for each in kind}:
            yield f"{place} is {value!r}, none of {', '.join(str(each.value) for each in kind)}"
    elif isinstance(value, Mapping) and kind is not None and not is_expression(value):
        yield from _unknown_fields(value, _narrowed(shape_of(kind), value), place)


def is_expression(value: Mapping[str, Any]) -> bool:
    """Whether pycep made this of an operator, a function, a lambda or a loop, not of an object."""
    return set(value) in ({"operator"}, {"function"}, {"type", "detail"}) or "loop_type" in value


def shape_of(kind: Shape | type) -> Shape:
    """The shape of a model."""
    if isinstance(kind, Shape):
        return kind
    return _older(kind) if hasattr(kind, "_attribute_map") else _newer(kind)


def _unknown_fields(value: Mapping[str, Any], shape: Shape, place: str) -> Iterator[str]:
    for key, inner in value.items():
        name = key.strip("'")
        if name not in shape.fields:
            yield f"{place}.{name}".lstrip(".")
        else:
            yield from unknown(inner, shape.fields[name], f"{place}.{name}".lstrip("."))


def _narrowed(shape: Shape, value: Mapping[str, Any]) -> Shape:
    for name, models in shape.subtypes.items():
        if (chosen := models.get(value.get(name, ""))) is not None:
            return shape_of(chosen)
    return shape


@cache
def _newer(model: type) -> Shape:
    model()  # a first object fills in the fields of its class
    names = {attribute: each._rest_name for attribute, each in model._attr_to_rest_field.items()}  # type: ignore[attr-defined]  # generated
    hints = get_type_hints(model, _namespace(model))
    return Shape({rest: _kind(hints.get(attribute)) for attribute, rest in names.items()})


def _namespace(model: type) -> dict[str, Any]:
    """What the annotations name: the modules of the model and its bases, and `_models`, which they import for types."""
    found: dict[str, Any] = {}
    for base in reversed(model.__mro__):
        found |= vars(sys.modules[base.__module__])
    return found | {"_models": import_module(model.__module__.rpartition(".")[0])}


def _kind(hint: Any) -> type | None:  # noqa: ANN401 - any annotation
    """The model or the enum inside an annotation: Optional[X], list[X], Union[str, X]; None for dicts, plain values."""
    if get_origin(hint) is dict:
        return None
    inner = [kind for each in get_args(hint) if (kind := _kind(each)) is not None]
    if inner:
        return inner[0]
    is_known = isinstance(hint, type) and (issubclass(hint, Enum) or hasattr(hint, "_calculated"))
    return hint if is_known else None


@cache
def _older(model: type) -> Shape:
    nested: dict[str, Any] = {}
    for entry in model._attribute_map.values():  # type: ignore[attr-defined]  # generated
        _put(nested, entry["key"].split("."), _named(model, entry["type"]))
    subtypes = getattr(model, "_subtype_map", {})
    return Shape(
        _shapes(nested),
        {
            model._attribute_map[attribute]["key"]: {value: _model(model, name) for value, name in models.items()}  # type: ignore[attr-defined]  # generated
            for attribute, models in subtypes.items()
        },
    )


def _put(nested: dict[str, Any], path: list[str], kind: type | None) -> None:
    for part in path[:-1]:
        nested = nested.setdefault(part, {})
    nested[path[-1]] = kind


def _shapes(nested: Mapping[str, Any]) -> dict[str, Shape | type | None]:
    return {name: Shape(_shapes(each)) if isinstance(each, dict) else each for name, each in nested.items()}


def _named(model: type, name: str) -> type | None:
    """`X` and `[X]` are model X; `{X}` is a dict of any keys."""
    return None if name.startswith("{") else _model(model, name.strip("[]"))


def _model(model: type, name: str) -> Any:  # noqa: ANN401 - a generated model, or None for a plain type
    found = getattr(import_module(model.__module__.rpartition(".")[0]), name, None)
    return found if hasattr(found, "_attribute_map") else None
