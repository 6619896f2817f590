"""Reads the samples: whole HTTP answers as files, one folder each, `headers.json` beside the raw `body`."""

import json
from pathlib import Path

from functions.retraining.azureml.answers import Answer

SAMPLES = Path(__file__).parent / "samples"


def recorded(name: str) -> Answer:
    """The answer in `samples/<name>`."""
    folder = SAMPLES / name
    head = json.loads((folder / "headers.json").read_text("utf-8"))
    return Answer(head["status"], head["headers"], (folder / "body").read_bytes())


def names(operation: str = "") -> list[str]:
    """Every sample of an operation, or of all."""
    found = (SAMPLES / operation).rglob("headers.json")
    return sorted(path.parent.relative_to(SAMPLES).as_posix() for path in found)
