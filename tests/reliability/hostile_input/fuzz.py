"""`python -m tests.reliability.hostile_input.fuzz TARGET [libFuzzer's options]`: bytes chosen by coverage.

A process of its own: atheris never returns, and instruments the app's modules while they are imported.
"""

import sys
from collections.abc import Callable, Mapping

import atheris

with atheris.instrument_imports(include=["functions.retraining"]):
    from tests.adf.factories import documents
    from tests.azureml.test_arbitrary_answers import DECODERS
    from tests.reliability.hostile_input import answers, definitions, state

FILES = sorted(documents())
STATUSES = (200, 204, 301, 404, 429, 503)


def fuzz_answers(data: bytes) -> None:
    """The first byte chooses the decoder, the second the status, the rest is the body."""
    decoder = sorted(DECODERS)[data[0] % len(DECODERS)]
    content_type = "text/html" if data[1] > 127 else "application/json"
    answers.check_answer((decoder, STATUSES[data[1] % len(STATUSES)], {"content-type": content_type}, data[2:]))


def fuzz_definitions(data: bytes) -> None:
    """The first byte chooses the document that the rest stands in for."""
    file = FILES[data[0] % len(FILES)]
    definitions.check_factory({**documents(), file: data[2:].decode("utf-8", "surrogateescape")})


def fuzz_state(data: bytes) -> None:
    """The first byte chooses between run and slot."""
    state.check_document((sorted(state.DECODERS)[data[0] % 2], data[2:]))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "answers": fuzz_answers,
    "definitions": fuzz_definitions,
    "state": fuzz_state,
}


def main(target: str, options: list[str]) -> None:
    """Fuzz until the options' limit; libFuzzer's own report is on standard error."""
    check = TARGETS[target]

    def one(data: bytes) -> None:
        if len(data) > 1:
            check(data)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
