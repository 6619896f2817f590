"""The sample's definitions, with a test's own containers in them."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.places import ROOT
from devstack.studio import Studio


@dataclass(frozen=True)
class Containers:
    """The four containers of one test's app."""

    examples: str
    models: str
    state: str
    archive: str

    @classmethod
    def of(cls, mark: str) -> "Containers":
        return cls(f"examples-{mark}", f"trained-{mark}", f"state-{mark}", f"archive-{mark}")

    @property
    def settings(self) -> dict[str, str]:
        return {
            "LABELED_EXAMPLES_CONTAINER": self.examples,
            "TRAINED_MODELS_CONTAINER": self.models,
            "RETRAINING_STATE_CONTAINER": self.state,
            "MODEL_ARCHIVE_CONTAINER": self.archive,
        }


@dataclass(frozen=True)
class Definitions:
    """What a test changes in the sample: None for `example` means any blob in the container."""

    example: str | None = "labeledexamples.arff"
    model: str = "model.ilearner"
    trained_model_name: str = "Training Exp for ADF ML [trained model]"
    scoring: Mapping[str, str] | None = None
    """The scoring linked service's typeProperties, if not the sample's own."""
    storage: Mapping[str, str] | None = None
    """The storage linked service's, of type AzureStorageSas then."""
    more: Callable[[Path, Containers], None] | None = None
    """Writes what else a test wants into the folder with the documents."""

    def write(self, folder: Path, containers: Containers) -> None:
        """Write them as `folder`/adf."""
        adf = folder / "adf"
        shutil.copytree(ROOT / "adf", adf)
        _change(adf / "dataset/trainingData.json", self._dataset(containers.examples, self.example))
        _change(adf / "dataset/trainedModelBlob.json", self._dataset(containers.models, self.model))
        if self.scoring is not None:
            _change(adf / "linkedService/updatableScoringEndpoint2.json", dict(self.scoring))
        if self.storage is not None:
            _change(adf / "linkedService/StorageLinkedService.json", dict(self.storage), "AzureStorageSas")
        pipeline = adf / "pipeline/pipeline.json"
        wanted = json.dumps(self.trained_model_name)
        text = pipeline.read_text("utf-8").replace('"Training Exp for ADF ML [trained model]"', wanted)
        pipeline.write_text(text, "utf-8")
        if self.more is not None:
            self.more(adf, containers)

    def _dataset(self, container: str, name: str | None) -> dict[str, Any]:
        return {"folderPath": container, **({"fileName": name} if name else {}), "format": {"type": "TextFormat"}}


def _change(file: Path, type_properties: dict[str, Any], kind: str | None = None) -> None:
    document = json.loads(file.read_text("utf-8"))
    if kind:
        document["properties"]["type"] = kind
    document["properties"]["typeProperties"] = type_properties
    file.write_text(json.dumps(document, indent=4), "utf-8")


def arm_linked_service(studio: Studio, **changed: str) -> dict[str, str]:
    """The Resource Manager kind of scoring linked service, as in the article: a period and a blank end its address."""
    return {
        "mlEndpoint": studio.arm_scoring_endpoint_url,
        "apiKey": "%SCORING_API_KEY%",
        "updateResourceEndpoint": f"{studio.arm_update_resource_endpoint}. ",
        "servicePrincipalId": "%SCORING_SERVICE_PRINCIPAL_ID%",
        "servicePrincipalKey": "%SCORING_SERVICE_PRINCIPAL_KEY%",
        "tenant": studio.tenant,
        **changed,
    }
