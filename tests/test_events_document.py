"""The events in the code, in docs/events.schema.json and in docs/events.md are the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jsonschema import Draft202012Validator

from functions.retraining.core.run import RunStatus
from tests.support.event_schema import EVENTS, SCHEMA, facts_of, needed_of

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "events.md").read_text("utf-8")
OF_STEPS = {f"run_{status}" for status in RunStatus}
LEVELS = {"INFO": "information", "WARNING": "warning", "ERROR": "error"}


def calls_of_the_journal() -> Iterator[ast.Call]:
    """Every call of `event` and `defect` in what is deployed."""
    for path in sorted((ROOT / "functions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Attribute(attr="event" | "defect"), [_, *_]):
                    yield node


def events_in_code() -> Iterator[tuple[str, ast.Call]]:
    """The events that are named outright; a run's steps are made from its status."""
    for call in calls_of_the_journal():
        if isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value), call


def level_of(call: ast.Call) -> str:
    """The level that the call names; a variable is any."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "defect":
        return "error"
    given = call.args[1] if len(call.args) > 1 else None
    if isinstance(given, ast.Attribute):
        return LEVELS[given.attr]
    return "any" if given else "information"


def row(name: str) -> str:
    """The event's row in docs/events.md."""
    optional = facts_of(name) - needed_of(name)
    facts = [f"`{fact}`{'?' if fact in optional else ''}" for fact in facts_of(name) if fact != "event"]
    levels = " or ".join(EVENTS[name]["x-levels"])
    return f"| `{name}` | {levels} | {EVENTS[name]['description']} | {', '.join(sorted(facts))} |"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [each["$ref"] for each in SCHEMA["oneOf"]] == [f"#/$defs/events/{name}" for name in EVENTS]
    assert all(event["properties"]["event"] == {"const": name} for name, event in EVENTS.items())


def test_every_fact_has_a_type_and_a_description() -> None:
    for name, fact in SCHEMA["$defs"]["facts"].items():
        assert fact["description"].endswith("."), name
        assert "type" in fact or "enum" in fact, name


def test_the_code_writes_the_events_of_the_schema_and_no_others() -> None:
    assert {name for name, _ in events_in_code()} | OF_STEPS == set(EVENTS)


def test_only_a_runs_steps_have_names_that_are_made() -> None:
    made = [ast.unparse(call.args[0]) for call in calls_of_the_journal() if not isinstance(call.args[0], ast.Constant)]
    assert made == ["f'run_{step.status}'"]


def test_every_call_names_a_level_and_facts_of_the_schema() -> None:
    for name, call in events_in_code():
        assert {*EVENTS[name]["x-levels"], "any"} & {level_of(call)}, f"{name}: {level_of(call)}"
        given = {each.arg for each in call.keywords if each.arg}
        assert given <= facts_of(name), name


def test_the_document_has_each_events_row() -> None:
    rows = [line for line in DOCUMENT.splitlines() if line.startswith("| `")]
    assert rows == [row(name) for name in EVENTS]


def test_the_document_says_what_each_fact_is() -> None:
    told = [line for line in DOCUMENT.splitlines() if line.startswith("- `")]
    assert told == [f"- `{name}`: {fact['description']}" for name, fact in SCHEMA["$defs"]["facts"].items()]
