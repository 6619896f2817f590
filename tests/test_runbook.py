"""docs/runbook.md: a section for every alert, and nothing in it that is not there."""

import importlib.util
import re
from pathlib import Path

import pytest

from tests.infra.monitoring import rules
from tests.support.event_schema import EVENTS, SCHEMA

ROOT = Path(__file__).parents[1]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
CODE = re.findall(r"`([^`\n]+)`", RUNBOOK)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def sections(title: str) -> dict[str, str]:
    """The ### sections below a ## heading."""
    part = RUNBOOK.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    found = re.split(r"^### ", part, flags=re.MULTILINE)[1:]
    return {each.partition("\n")[0]: each.partition("\n")[2] for each in found}


def anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def test_every_alert_has_its_section_and_every_section_its_alert() -> None:
    assert list(sections("Alerts")) == list(rules())


@pytest.mark.parametrize("alert", list(rules()))
def test_a_section_says_what_to_look_at_what_to_do_and_whether_it_can_wait(alert: str) -> None:
    text = sections("Alerts")[alert]
    assert re.findall(r"^- (Look|Do|Can wait)", text, re.MULTILINE) == ["Look", "Do", "Can wait"]


def test_every_event_named_is_one() -> None:
    named = {code for code in CODE if re.fullmatch(r"[a-z]+(_[a-z]+)+", code)}
    facts = set(SCHEMA["$defs"]["facts"]) | {"blobs_extension"}
    assert named - facts <= set(EVENTS)
    assert len(named & set(EVENTS)) > 10


def test_every_setting_named_is_documented() -> None:
    settings = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for name in (code for code in CODE if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", code)):
        assert f"`{name}`" in settings, name


def test_every_command_of_ours_exists() -> None:
    for code in CODE:
        if code.startswith("python -m "):
            assert importlib.util.find_spec(code.split()[2]), code
        if code.startswith("make "):
            assert code.split()[1] in TARGETS, code


def test_every_file_named_is_there() -> None:
    for code in CODE:
        if re.fullmatch(r"(infra|tests|docs)/[\w./-]+", code):
            assert (ROOT / code).exists(), code
    for target in re.findall(r"\]\(([\w./-]+)\)", RUNBOOK):
        assert (ROOT / "docs" / target).exists(), target


def test_every_link_within_leads_to_a_section() -> None:
    headings = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK)) <= headings


def test_containers_are_those_of_the_settings() -> None:
    settings = (ROOT / "docs" / "settings.md").read_text("utf-8")
    named = set(re.findall(r"--(?:source-|destination-)?container(?:-name)? (\w+)", RUNBOOK))
    assert named == {"retraining", "models", "labeledexamples", "trainingoutput"}
    assert all(f"`{name}`" in settings for name in named)


def test_the_document_says_what_the_storage_keeps() -> None:
    storage = (ROOT / "infra" / "trainingStorage.bicep").read_text("utf-8")
    assert re.findall(r"days: (\d+)", storage) == ["14", "14"]
    assert RUNBOOK.count("14 days") == 2
