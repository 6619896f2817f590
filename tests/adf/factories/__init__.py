"""The article's nine documents as two factories, and ways to change a copy of them."""

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


def documents(kind: str = "classic") -> dict[str, str]:
    """A factory's documents as they are in the article."""
    return dict(read_folder(HERE / kind))


def faults_of(factory: Factory) -> list[tuple[str, str]]:
    """Faults as pairs of place and problem."""
    return [(fault.where, fault.problem) for fault in factory.faults]


def load_changed(change: Callable[[dict[str, Any]], object], kind: str = "classic") -> Factory:
    """Load a factory after a change to its parsed documents, which are by file name."""
    parsed = {file: json.loads(text) for file, text in documents(kind).items()}
    change(parsed)
    return load({file: json.dumps(value) for file, value in parsed.items()}, {})


def put(file: str, path: str, value: object) -> Callable[[dict[str, Any]], object]:
    """A change: set what a dotted path leads to (`properties.activities.0.name`)."""

    def change(parsed: dict[str, Any]) -> None:
        target, last = _walk(parsed[file], path)
        target[last] = value

    return change


def drop(file: str, path: str) -> Callable[[dict[str, Any]], object]:
    """A change: take away what a dotted path leads to."""

    def change(parsed: dict[str, Any]) -> None:
        target, last = _walk(parsed[file], path)
        del target[last]

    return change


def _walk(value: Any, path: str) -> tuple[Any, Step]:  # noqa: ANN401 -- JSON of any shape
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        value = value[step]
    return value, last
