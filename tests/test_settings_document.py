"""docs/settings.md says what the code asks for, no more and no less."""

import json
import re
from pathlib import Path

from functions.retraining.core.definitions import IdentityAccess
from functions.retraining.core.errors import Fault
from functions.retraining.settings import read

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "settings.md").read_text("utf-8")
IN_TEXT = re.compile(r"%([A-Za-z_][A-Za-z0-9_]{2,})%")


class Asked(dict[str, str]):
    """Settings that remember which of them were asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]  # settings are only ever text
        self.names.add(name)
        return super().get(name, default)


def table(title: str) -> dict[str, list[str]]:
    """The rows below a heading, by their setting's name."""
    section = DOCUMENT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in section.splitlines()]
    return {row[0]: row[1:] for row in rows[2:] if len(row) == 4 and row[0] not in {"name", "---"}}


OWN = table("The app's own")
OF_DEFINITIONS = table("Of the shipped definitions")
EXAMPLES = {name: row[2] for name, row in OWN.items()}


def test_the_apps_own_settings_are_those_that_it_reads() -> None:
    values = Asked(EXAMPLES)
    read(values, [])
    assert values.names == set(OWN)


def test_what_is_needed_is_needed() -> None:
    faults: list[Fault] = []
    read({}, faults)
    assert [fault.where.removeprefix("setting ") for fault in faults] == [
        name for name, (default, *_) in OWN.items() if default == "needed"
    ]


def test_every_default_is_the_one_that_stands_in() -> None:
    defaults = {name: default for name, (default, *_) in OWN.items() if default not in {"needed", "none"}}
    needed = {name: EXAMPLES[name] for name, (default, *_) in OWN.items() if default == "needed"}
    faults: list[Fault] = []
    assert read(needed, faults) == read({**needed, **defaults}, faults)
    assert faults == []


def test_what_has_no_default_is_not_needed_either() -> None:
    needed = {name: EXAMPLES[name] for name, (default, *_) in OWN.items() if default == "needed"}
    faults: list[Fault] = []
    found = read(needed, faults)
    assert (faults, found.identity_client_id) == ([], None)


def test_the_examples_of_the_other_form_are_good_ones_too() -> None:
    faults: list[Fault] = []
    found = read(EXAMPLES | {"TrainingStorage": ""}, faults)
    assert faults == []
    assert found.training_storage == IdentityAccess(EXAMPLES["TrainingStorage__blobServiceUri"])


def test_every_example_is_a_good_one() -> None:
    faults: list[Fault] = []
    read(EXAMPLES, faults)
    assert faults == []


def test_every_setting_of_the_doors_is_one_of_the_apps_own() -> None:
    doors = "".join(path.read_text("utf-8") for path in (ROOT / "functions").glob("*.py"))
    asked = set(IN_TEXT.findall(doors)) | set(re.findall(r'environ\.get\("(\w+)"', doors))
    asked |= set(re.findall(r'connection="(\w+)"', doors))
    assert "BLOB_TRIGGER_SOURCE" in asked
    assert "TrainingStorage" in asked
    assert asked <= set(OWN)


def test_the_settings_of_the_shipped_definitions_are_those_that_they_name() -> None:
    named = {name for path in (ROOT / "adf").rglob("*.json") for name in IN_TEXT.findall(path.read_text("utf-8"))}
    assert named == {"TrainingStorage"} | set(OF_DEFINITIONS)


def test_the_sample_settings_name_everything_that_is_needed_and_nothing_unknown() -> None:
    sample = json.loads((ROOT / "local.settings.sample.json").read_text("utf-8"))["Values"]
    needed = {name for name, (default, *_) in {**OWN, **OF_DEFINITIONS}.items() if default == "needed"}
    assert needed <= set(sample)
    assert set(sample) <= {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"} | set(OWN) | set(OF_DEFINITIONS)


def test_what_the_sample_says_is_good_and_is_what_the_documentation_says() -> None:
    sample = json.loads((ROOT / "local.settings.sample.json").read_text("utf-8"))["Values"]
    faults: list[Fault] = []
    read(sample, faults)
    assert faults == []
    told = {name: {row[0], row[2]} for name, row in OWN.items() if name != "TrainingStorage"}
    assert {name for name, value in sample.items() if name in told and value not in told[name]} == set()


def test_each_setting_has_a_meaning_and_an_example() -> None:
    for name, (default, meaning, example) in {**OWN, **OF_DEFINITIONS}.items():
        assert default, name
        assert len(meaning) > 10, name
        assert example, name
