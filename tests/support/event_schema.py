"""docs/events.schema.json, and whether a journal line is what it says."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "events.schema.json").read_text("utf-8"))
EVENTS: dict[str, dict[str, Any]] = SCHEMA["$defs"]["events"]
LEVELS = {20: "information", 30: "warning", 40: "error"}


def trouble(line: Mapping[str, Any], level: int) -> str:
    """What is wrong with a journal line, in words; empty if nothing is."""
    name = str(line.get("event"))
    if name not in EVENTS:
        return f"event {name!r} is not in docs/events.schema.json"
    if LEVELS[level] not in EVENTS[name]["x-levels"]:
        return f"{name} is logged as {LEVELS[level]}; the schema says {EVENTS[name]['x-levels']}"
    error = best_match(_validator(name).iter_errors(line))
    return f"{name}: {error.message}" if error else ""


def facts_of(name: str) -> set[str]:
    """Every fact that a line of this event can have, `event` included."""
    return set(_properties(EVENTS[name]))


def needed_of(name: str) -> set[str]:
    """The facts that each line of it has."""
    return _required(EVENTS[name])


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/events/{name}", "$defs": SCHEMA["$defs"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema and what it refers to."""
    reference = schema.get("$ref", "").removeprefix("#/$defs/")
    return [schema, *(_parts(SCHEMA["$defs"][reference]) if reference else [])]


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for part in _parts(schema) for name, fact in part["properties"].items()}


def _required(schema: dict[str, Any]) -> set[str]:
    return {name for part in _parts(schema) for name in part.get("required", [])}
