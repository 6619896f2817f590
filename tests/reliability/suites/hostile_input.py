"""Point 8: hostile input to every decoder, the definitions, the run documents, and as blobs' names."""

from collections.abc import Iterator

from tests.reliability.finding import Finding
from tests.reliability.hostile_input import answers, definitions, index, state
from tests.reliability.hostile_input.costs import large_documents
from tests.reliability.hostile_input.fuzzing import for_seconds, fuzzed
from tests.reliability.hostile_input.names import hostile_names
from tests.reliability.hostile_input.searching import search
from tests.reliability.hostile_input.tricks import one_trick_each

FUZZ_SECONDS = 8


def findings() -> Iterator[Finding]:
    """Everything at full size: about a minute and a half."""
    yield from searches(1500)
    yield one_trick_each()
    yield large_documents()
    yield hostile_names()
    for target in ("answers", "definitions", "state"):
        yield fuzzed(target, for_seconds(FUZZ_SECONDS))


def searches(examples: int) -> Iterator[Finding]:
    """The searches with hypothesis, each with so many examples."""
    yield search("answers of the services, damaged in any way", answers.ANSWERS, answers.check_answer, examples)
    yield search(
        "Data Factory documents, changed or damaged", definitions.factories(), definitions.check_factory, examples
    )
    yield search("run documents, changed or damaged", state.documents("run"), state.check_document, examples)
    yield search("slots, changed or damaged", state.documents("slot"), state.check_document, examples)
    yield search("lines of the index, changed", index.lines(), index.check_line, examples)
