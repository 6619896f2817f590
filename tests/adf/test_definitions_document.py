"""docs/definitions.md says of every property what the code does with it."""

import pytest

from functions.retraining.adf import vocabulary
from functions.retraining.adf.vocabulary import Vocabulary

from .factories import SAMPLE

TEXT = (SAMPLE.parent / "docs" / "definitions.md").read_text(encoding="utf-8")
OBJECTS = {
    "Every document": vocabulary.ENVELOPE,
    "Linked service": vocabulary.LINKED_SERVICE,
    "AzureStorage": vocabulary.AZURE_STORAGE,
    "AzureML": vocabulary.AZURE_ML,
    "Dataset": vocabulary.DATASET,
    "AzureBlob": vocabulary.AZURE_BLOB,
    "format": vocabulary.FORMAT,
    "Dataset policy": vocabulary.DATASET_POLICY,
    "Pipeline": vocabulary.PIPELINE,
    "Activity": vocabulary.ACTIVITY,
    "An activity's inputs and outputs": vocabulary.ACTIVITY_DATASET,
    "AzureMLBatchExecution": vocabulary.BATCH_EXECUTION,
    "AzureMLUpdateResource": vocabulary.UPDATE_RESOURCE,
    "Activity policy": vocabulary.POLICY,
}


def documented(heading: str) -> dict[str, str]:
    """The table under a heading: property to what becomes of it."""
    section = TEXT.partition(f"\n### {heading}\n")[2].partition("\n#")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    return {name.strip(" `"): fate.strip() for row in rows for name, fate in [row[1:3]]}


def in_code(words: Vocabulary) -> dict[str, str]:
    """The same from the code."""
    fates = {"supported": words.read, "not used": words.unused, "not supported yet": words.unsupported}
    named = {name: fate for fate, names in fates.items() for name in names}
    return named | dict.fromkeys((*words.quiet,), "not used")


@pytest.mark.parametrize("heading", OBJECTS)
def test_the_document_and_the_code_know_the_same_properties(heading: str) -> None:
    assert documented(heading) == in_code(OBJECTS[heading])


def test_every_object_in_the_code_is_documented() -> None:
    in_module = [value for value in vars(vocabulary).values() if isinstance(value, Vocabulary)]
    assert {id(words) for words in in_module} == {id(words) for words in OBJECTS.values()}
