"""Definitions, secrets and places that the tests of this room share. Every value is invented."""

from datetime import UTC, datetime

from functions.retraining.core.blobs import BlobLocation, BlobVersion, Model
from functions.retraining.core.definitions import (
    AzureMLLinkedService,
    BatchExecutionActivity,
    BlobDataset,
    ConnectionStringAccess,
    Pipeline,
    ServicePrincipal,
    StorageLinkedService,
    UpdateResourceActivity,
)
from functions.retraining.core.secret import Secret

API_KEY = "q8Xw2Lr0+zW/41sUeX0aPlbTr77v5mQ=="
ACCOUNT_KEY = "cGFzc3dvcnQtZGVz+LXNwZWljaGVya29u/w=="
SIGNATURE = "hT5kZ0mWq3vN8bXc1yLd%2BaG7u%3D"
SECONDARY_KEY = "Jk3nV9e1+Yd/08rGhB2cOiuKs46x0zA=="
PRINCIPAL_KEY = "w7Rk1Bz8+Nq/52tVfD4xJs0eYc=+a/Q="
TOKEN = "eyJ0eXAiOiJKV1Qi.mAdEuPtOkEn0123456789.Zx8Yw7Vu6Ts5"
OPERATION_SIGNATURE = "Vd9XqPz3mLk7JhG2fDsA"
SECRETS = (API_KEY, ACCOUNT_KEY, SIGNATURE, SECONDARY_KEY, PRINCIPAL_KEY, TOKEN, OPERATION_SIGNATURE)

CONNECTION_STRING = f"DefaultEndpointsProtocol=https;AccountName=examples;AccountKey={ACCOUNT_KEY}"
SAS = f"?sv=2019-12-12&sr=b&sig={SIGNATURE}&se=2026-11-23T08%3A00%3A00Z&sp=r"
WEB_SERVICE = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearning/webServices/w?api-version=2016-05-01-preview"
)
TRAINED_MODEL_NAME = "Training Exp for ADF ML [trained model]"

STORAGE = StorageLinkedService("StorageLinkedService", ConnectionStringAccess(Secret(CONNECTION_STRING)))
EXAMPLES = BlobDataset("trainingData", STORAGE, "labeledexamples", "labeledexamples.arff")
TRAINED = BlobDataset("trainedModelBlob", STORAGE, "trainingoutput/2016", "model.ilearner")
EVALUATION = BlobDataset("evaluation", STORAGE, "/trainingoutput/", "evaluation.csv")

BLOB = BlobVersion(
    container="labeledexamples",
    name="2026/spring examples.arff",
    etag="0x8DE2A",
    last_modified=datetime(2026, 11, 22, 8, tzinfo=UTC),
    size=1234,
)
INPUTS = {"trainingData": BLOB}
UPLOADED = BLOB.last_modified
MODEL = Model(
    container="models",
    name="pipeline/20261122T080000Z-0123456789ab.ilearner",
    archived_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
)
LINK = BlobLocation(base="https://archive.blob.core.windows.net/", relative=MODEL.path, sas=Secret(SAS))


class Links:
    """Every model is behind the one link."""

    def address(self, model: Model) -> str:  # noqa: ARG002 - see above
        return LINK.address

    def link(self, model: Model) -> BlobLocation:  # noqa: ARG002 - see above
        return LINK


def pipeline(ml_endpoint: str, *, ports: bool = False) -> Pipeline:
    """The article's pipeline with an evaluation output; `ports` chooses named inputs over the single one."""
    training = BatchExecutionActivity(
        name="retraining",
        linked_service=AzureMLLinkedService("trainingEndpoint", ml_endpoint, Secret(API_KEY)),
        web_service_input=None if ports else EXAMPLES,
        web_service_inputs={"input1": EXAMPLES} if ports else {},
        web_service_outputs={"output1": TRAINED, "output2": EVALUATION},
        global_parameters={"Learning rate": "0.1", "Grüße": "ja"},
    )
    return Pipeline("pipeline", training, (update_resource(f"{ml_endpoint}/unused"),))


def update_resource(url: str) -> UpdateResourceActivity:
    """The article's update of a classic endpoint at `url`."""
    scoring = AzureMLLinkedService("updatableScoringEndpoint2", f"{url}/jobs", Secret(API_KEY), url)
    return UpdateResourceActivity("AzureML Update Resource", scoring, TRAINED_MODEL_NAME, TRAINED)


def resource_manager(url: str, principal: ServicePrincipal | None = None) -> UpdateResourceActivity:
    """The article's update of a web service of the Resource Manager kind at `url`."""
    scoring = AzureMLLinkedService("updatableScoringEndpoint2", f"{url}/jobs", Secret(API_KEY), url, principal)
    return UpdateResourceActivity("AzureML Update Resource", scoring, TRAINED_MODEL_NAME, TRAINED)


def principal(tenant: str = "contoso.example") -> ServicePrincipal:
    """A service principal."""
    return ServicePrincipal("9a6f2d0e-5f0b-4c58-9a1f-000000000001", Secret(PRINCIPAL_KEY), tenant)


def leaks(text: str) -> list[str]:
    """Which secrets show in `text`, if only eight characters of them."""
    return [secret for secret in SECRETS if any(secret[at : at + 8] in text for at in range(len(secret) - 7))]
