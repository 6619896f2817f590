"""An ADF folder with as many pipelines as wanted, each with a scoring endpoint of its own."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devstack.places import ROOT

SAMPLE = ROOT / "adf"
EXAMPLES = "labeledexamples"
MODELS = "trainingoutput"

_SHARED = (
    ("linkedService", "StorageLinkedService"),
    ("linkedService", "trainingEndpoint"),
    ("dataset", "placeholderBlob"),
)
_OWN = {"trainingData": "examples", "trainedModelBlob": "model", "updatableScoringEndpoint2": "scoring"}
"""What each pipeline has of its own: the sample's name, and how ours begin."""


@dataclass(frozen=True)
class Wanted:
    """What the pipelines are to be like. `policy` are members of the batch execution's; the rest is the sample's own.

    With `one_folder` all of them watch one container, each for the files that end with its own name; without, each
    has a folder of its own in it.
    """

    count: int
    policy: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    one_folder: bool = False


def pipeline_name(number: int) -> str:
    """Such as `p007`."""
    return f"p{number:03}"


def example_name(pipeline: str, number: int, *, one_folder: bool = False) -> str:
    """The name of a pipeline's n-th example in the container."""
    return f"{number:06}.{pipeline}.csv" if one_folder else f"{pipeline}/{number:06}.csv"


def write_definitions(folder: Path, wanted: Wanted, scoring: Mapping[str, str]) -> None:
    """Write them as `folder`/adf; `scoring` gives each pipeline's updateResourceEndpoint by its name."""
    for kind in ("linkedService", "dataset", "pipeline"):
        (folder / "adf" / kind).mkdir(parents=True)
    for kind, name in _SHARED:
        _write(folder, kind, name, _sample(kind, name))
    for name, endpoint in scoring.items():
        _write_pipeline(folder, wanted, name, endpoint)


def _write_pipeline(folder: Path, wanted: Wanted, name: str, endpoint: str) -> None:
    linked = _sample("linkedService", "updatableScoringEndpoint2")
    linked["properties"]["typeProperties"]["updateResourceEndpoint"] = endpoint
    _write(folder, "linkedService", f"scoring-{name}", linked)
    _write(folder, "dataset", f"examples-{name}", _dataset("trainingData", _watched(wanted, name)))
    _write(folder, "dataset", f"model-{name}", _dataset("trainedModelBlob", _model(wanted, name)))
    text = json.dumps(_sample("pipeline", "pipeline"))
    for sample, prefix in _OWN.items():
        text = text.replace(f'"{sample}"', f'"{prefix}-{name}"')
    document = json.loads(text)
    document["properties"] |= wanted.properties
    document["properties"]["activities"][0]["policy"] |= wanted.policy
    _write(folder, "pipeline", name, document)


def _watched(wanted: Wanted, name: str) -> dict[str, str]:
    if wanted.one_folder:
        return {"folderPath": EXAMPLES, "fileFilter": f"*.{name}.csv"}
    return {"folderPath": f"{EXAMPLES}/{name}"}


def _model(wanted: Wanted, name: str) -> dict[str, Any]:
    """One blob, or where several runs train at a time one for each second."""
    if wanted.policy.get("concurrency", 1) == 1:
        return {"folderPath": MODELS, "fileName": f"{name}.ilearner"}
    second = {"name": "second", "value": {"type": "DateTime", "date": "SliceStart", "format": "yyyyMMddHHmmss"}}
    return {"folderPath": MODELS, "fileName": f"{name}-{{second}}.ilearner", "partitionedBy": [second]}


def _dataset(sample: str, place: dict[str, Any]) -> dict[str, Any]:
    document = deepcopy(_sample("dataset", sample))
    document["properties"]["typeProperties"] = place | {"format": {"type": "TextFormat"}}
    return document


def _sample(kind: str, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLE / kind / f"{name}.json").read_text("utf-8"))
    return document


def _write(folder: Path, kind: str, name: str, document: dict[str, Any]) -> None:
    named = {**document, "name": name}
    (folder / "adf" / kind / f"{name}.json").write_text(json.dumps(named), "utf-8")
