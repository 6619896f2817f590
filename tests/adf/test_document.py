"""docs/from-data-factory.md says of every property what the code does with it."""

import re
from collections.abc import Iterator

import pytest

from functions.retraining.adf import vocabulary
from functions.retraining.adf.vocabulary import OBJECTS, Vocabulary, counts
from functions.retraining.core.slices import EDGES, SHIFTS

from .factories import SAMPLE
from .test_check import check

DOCUMENTS = SAMPLE.parent / "docs"
TEXT = (DOCUMENTS / "from-data-factory.md").read_text(encoding="utf-8")


def rows(heading: str) -> Iterator[tuple[str, str, str]]:
    """The table under a heading: property, what becomes of it, and why or how."""
    section = TEXT.partition(f"\n### {heading}\n")[2].partition("\n#")[0]
    for line in section.splitlines():
        found = re.fullmatch(r"\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|", line)
        if found:
            yield found[1], found[2], found[3]


@pytest.mark.parametrize("heading", OBJECTS)
def test_the_document_and_the_code_know_the_same_properties(heading: str) -> None:
    assert {name: fate for name, fate, _ in rows(heading)} == OBJECTS[heading].fates


@pytest.mark.parametrize("heading", OBJECTS)
def test_the_document_gives_the_reasons_that_the_code_gives(heading: str) -> None:
    given = {name: why for name, _, why in rows(heading)}
    reasons = {**OBJECTS[heading].unused, **OBJECTS[heading].unsupported}
    assert {name: given[name] for name in reasons} == reasons


def test_every_object_in_the_code_is_documented_and_no_other() -> None:
    in_module = [value for value in vars(vocabulary).values() if isinstance(value, Vocabulary)]
    assert {id(words) for words in in_module} == {id(words) for words in OBJECTS.values()}
    assert re.findall(r"^### (.*)$", TEXT, re.MULTILINE) == list(OBJECTS)


def test_the_document_and_the_command_count_alike() -> None:
    numbers = ", ".join(f"{number} {fate}" for fate, number in counts().items())
    assert f"**In numbers: {numbers}.**" in TEXT
    code, output = check("--properties")
    assert code == 0
    assert output.splitlines()[-1] == numbers


def test_every_function_over_times_is_documented() -> None:
    section = TEXT.partition("\n## Functions\n")[2].partition("\n#")[0]
    assert [name for name in (*SHIFTS, *EDGES) if name not in section] == []


def test_no_document_leads_to_one_that_is_gone() -> None:
    files = [SAMPLE.parent / "README.md", *DOCUMENTS.glob("*.md")]
    assert not [file.name for file in files if "docs/definitions.md" in file.read_text(encoding="utf-8")]
