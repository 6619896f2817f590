"""The pipeline beside the troubled one, in the same app: its services are another studio's, and well."""

import json
from pathlib import Path
from typing import Any

from devstack.studio import Studio
from tests.e2e.definitions import Containers

PIPELINE = "beside"
EXAMPLE = "beside.arff"
TRAINING_KEY, SCORING_KEY = "BESIDE_TRAINING_API_KEY", "BESIDE_SCORING_API_KEY"


def settings_of(studio: Studio) -> dict[str, str]:
    """What its definitions want as app settings."""
    return {TRAINING_KEY: studio.training_api_key, SCORING_KEY: studio.scoring_api_key}


def write(studio: Studio, adf: Path, containers: Containers) -> None:
    """Its documents, into a folder that has the sample's."""
    _write(adf / "linkedService/besideTraining.json", _training(studio))
    _write(adf / "linkedService/besideScoring.json", _scoring(studio))
    _write(adf / "dataset/besideExamples.json", _dataset(containers.examples, EXAMPLE))
    _write(adf / "dataset/besideModel.json", _dataset(containers.models, "beside.ilearner"))
    _write(adf / "pipeline/beside.json", _pipeline(json.loads((adf / "pipeline/pipeline.json").read_text("utf-8"))))


def _training(studio: Studio) -> dict[str, Any]:
    return _linked_service(mlEndpoint=studio.training_endpoint_url, apiKey=f"%{TRAINING_KEY}%")


def _scoring(studio: Studio) -> dict[str, Any]:
    return _linked_service(
        mlEndpoint=studio.scoring_endpoint_url,
        apiKey=f"%{SCORING_KEY}%",
        updateResourceEndpoint=studio.update_resource_endpoint,
    )


def _linked_service(**type_properties: str) -> dict[str, Any]:
    return {"properties": {"type": "AzureML", "typeProperties": type_properties}}


def _dataset(folder: str, name: str) -> dict[str, Any]:
    return {
        "properties": {
            "type": "AzureBlob",
            "linkedServiceName": "StorageLinkedService",
            "typeProperties": {"folderPath": folder, "fileName": name, "format": {"type": "TextFormat"}},
            "availability": {"frequency": "Week", "interval": 1},
        }
    }


def _pipeline(sample: dict[str, Any]) -> dict[str, Any]:
    """The sample's pipeline with the names of these documents in it."""
    text = json.dumps(sample["properties"])
    names = {
        "trainingData": "besideExamples",
        "trainedModelBlob": "besideModel",
        "trainingEndpoint": "besideTraining",
        "updatableScoringEndpoint2": "besideScoring",
    }
    for name, other in names.items():
        text = text.replace(f'"{name}"', f'"{other}"')
    return {"properties": json.loads(text)}


def _write(file: Path, document: dict[str, Any]) -> None:
    file.write_text(json.dumps({"name": file.stem, **document}, indent=4), "utf-8")
