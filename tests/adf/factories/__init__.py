"""The article's nine documents as two factories, a third in v2's spelling, and ways to change a copy of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from functions.retraining.adf import Factory, load, read_folder

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "adf"

STORAGE = "linkedService/StorageLinkedService.json"
TRAINING = "linkedService/trainingEndpoint.json"
SCORING = "linkedService/updatableScoringEndpoint2.json"
EXAMPLES = "dataset/trainingData.json"
MODEL = "dataset/trainedModelBlob.json"
PLACEHOLDER = "dataset/placeholderBlob.json"
PIPELINE = "pipeline/pipeline.json"

type Step = str | int
type Change = Callable[[dict[str, Any]], object]


def documents(kind: str = "classic") -> dict[str, str]:
    """A factory's documents: the article's own for `classic` and `arm`."""
    return dict(read_folder(HERE / kind))


def faults_of(factory: Factory) -> list[tuple[str, str]]:
    """Faults as pairs of place and problem."""
    return [(fault.where, fault.problem) for fault in factory.faults]


def load_changed(change: Change, kind: str = "classic", **settings: str) -> Factory:
    """Load a factory after a change to its parsed documents, which are by file name."""
    parsed = {file: json.loads(text) for file, text in documents(kind).items()}
    change(parsed)
    return load({file: json.dumps(value) for file, value in parsed.items()}, settings)


def put(file: str, path: str, value: object) -> Change:
    """A change: set what a dotted path leads to (`properties.activities.0.name`)."""

    def change(parsed: dict[str, Any]) -> None:
        target, last = _walk(parsed[file], path)
        target[last] = value

    return change


def drop(file: str, path: str) -> Change:
    """A change: take away what a dotted path leads to."""

    def change(parsed: dict[str, Any]) -> None:
        target, last = _walk(parsed[file], path)
        del target[last]

    return change


def both(*changes: Change) -> Change:
    """A change: several, one after the other."""

    def change(parsed: dict[str, Any]) -> None:
        for each in changes:
            each(parsed)

    return change


def append(file: str, path: str, value: object) -> Change:
    """A change: add to the array that a dotted path leads to."""

    def change(parsed: dict[str, Any]) -> None:
        target, last = _walk(parsed[file], path)
        target[last].append(value)

    return change


def add(file: str, document: dict[str, Any]) -> Change:
    """A change: add a document."""
    return lambda parsed: parsed.update({file: document})


def _walk(value: Any, path: str) -> tuple[Any, Step]:  # noqa: ANN401 -- JSON of any shape
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        value = value[step]
    return value, last
