"""What submit sends by the kind of the storage linked service, for several inputs and outputs of a slice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.retraining.app_identity import app_identity
from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.pipeline import PipelineService
from functions.retraining.core.blobs import BlobLocation, BlobVersion, KeyedLocation
from functions.retraining.core.definitions import (
    ActivityPolicy,
    BlobDataset,
    ConnectionStringAccess,
    Pipeline,
    SasUriAccess,
    StorageAccess,
    StorageLinkedService,
)
from functions.retraining.core.errors import TransientError
from functions.retraining.core.secret import Secret
from functions.retraining.core.slices import Partition, SliceTime, TextFormat
from functions.retraining.storage.references import StorageReferences

from .made_up import CONNECTION_STRING, SAS, UPLOADED, pipeline
from .web_server import WebServer, reply

JOB = "da9bf623a63c452c975c9d79d21c5ef8"
DAY = Partition("day", "yyyyMMdd")
BASE = "https://examples.blob.core.windows.net/"


def dataset(name: str, access: StorageAccess, folder: str, file: str) -> BlobDataset:
    return BlobDataset(name, StorageLinkedService("s", access), folder, file, (DAY,))


def defined(url: str, access: StorageAccess, **changed: object) -> Pipeline:
    """Two inputs and two outputs of a slice."""
    whole = pipeline(f"{url}/workspaces/W/services/E/jobs", ports=True)
    activity = replace(
        whole.batch_execution,
        web_service_inputs={
            "input1": dataset("rows", access, "labeledexamples/{day}", "rows.csv"),
            "input2": dataset("weights", access, "labeledexamples", "weights.csv"),
        },
        web_service_outputs={
            "output1": dataset("trainedModelBlob", access, "trainingoutput/{day}", "model.ilearner"),
            "output2": dataset("evaluation", access, "trainingoutput", "{day}.csv"),
        },
        global_parameters={"day": TextFormat("{0:yyyy-MM-dd}", (SliceTime(),)), "Rate": "0.1"},
        **changed,  # type: ignore[arg-type]  # by name
    )
    return replace(whole, batch_execution=activity)


def blob(name: str) -> BlobVersion:
    return BlobVersion(container="labeledexamples", name=name, etag="0x1", last_modified=UPLOADED, size=1)


INPUTS = {"rows": blob("20261122/rows.csv"), "weights": blob("weights.csv")}
PATHS = {
    "Inputs": {"input1": "labeledexamples/20261122/rows.csv", "input2": "labeledexamples/weights.csv"},
    "Outputs": {"output1": "trainingoutput/20261122/model.ilearner", "output2": "trainingoutput/20261122.csv"},
}


def keyed_reference(path: str) -> dict[str, str]:
    return {"ConnectionString": CONNECTION_STRING, "RelativeLocation": path}


def signed_reference(path: str) -> dict[str, str]:
    return {"BaseLocation": BASE, "RelativeLocation": path, "SasBlobToken": SAS}


@pytest.mark.parametrize(
    ("access", "reference"),
    [
        pytest.param(ConnectionStringAccess(Secret(CONNECTION_STRING)), keyed_reference, id="connection string"),
        pytest.param(SasUriAccess(BASE.rstrip("/"), Secret(SAS)), signed_reference, id="SAS URI"),
        pytest.param(
            SasUriAccess(f"{BASE}labeledexamples", Secret(SAS)), signed_reference, id="SAS URI of a container"
        ),
    ],
)
def test_every_blob_is_named_in_the_form_of_its_linked_service(
    access: StorageAccess,
    reference: Callable[[str], dict[str, str]],
    web: WebServer,
    keyed: Callable[[], PipelineService],
) -> None:
    web.will(reply(200, JOB))
    training = ClassicBatchExecution(defined(web.url, access), keyed(), StorageReferences(app_identity))
    assert training.submit(INPUTS, UPLOADED) == JOB
    (request,) = web.requests
    wanted = {side: {port: reference(path) for port, path in ports.items()} for side, ports in PATHS.items()}
    assert request.json == {**wanted, "GlobalParameters": {"day": "2026-11-22", "Rate": "0.1"}}


class Asked:
    """References that remember for what they were asked; each is its own path."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str, timedelta | None]] = []

    def readable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        self.calls.append(("read", dataset.name, name, life))
        return BlobLocation(base=BASE, relative=f"{dataset.container}/{name}", sas=Secret("?sp=r"))

    def writable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        self.calls.append(("write", dataset.name, name, life))
        return BlobLocation(base=BASE, relative=f"{dataset.container}/{name}", sas=Secret("?sp=cw"))


@pytest.mark.parametrize("timeout", [None, timedelta(hours=2)])
def test_inputs_are_to_be_read_and_outputs_to_be_written_for_the_activitys_timeout(
    timeout: timedelta | None, web: WebServer, keyed: Callable[[], PipelineService]
) -> None:
    web.will(reply(200, JOB))
    asked = Asked()
    definition = defined(
        web.url, ConnectionStringAccess(Secret(CONNECTION_STRING)), policy=ActivityPolicy(timeout=timeout)
    )
    ClassicBatchExecution(definition, keyed(), asked).submit(INPUTS, UPLOADED)
    assert asked.calls == [
        ("read", "rows", "20261122/rows.csv", timeout),
        ("read", "weights", "weights.csv", timeout),
        ("write", "trainedModelBlob", "20261122/model.ilearner", timeout),
        ("write", "evaluation", "20261122.csv", timeout),
    ]
    body = web.requests[0].json
    assert {place["SasBlobToken"] for place in body["Inputs"].values()} == {"?sp=r"}
    assert {place["SasBlobToken"] for place in body["Outputs"].values()} == {"?sp=cw"}


class Refused(Asked):
    """Storage that gives no delegation key now."""

    def readable(self, dataset: BlobDataset, name: str, life: timedelta | None) -> BlobLocation | KeyedLocation:
        raise TransientError("ask for a user delegation key", f"{dataset.name}, {name}, {life}")


def test_nothing_is_submitted_without_references(web: WebServer, keyed: Callable[[], PipelineService]) -> None:
    definition = defined(web.url, ConnectionStringAccess(Secret(CONNECTION_STRING)))
    with pytest.raises(TransientError, match="delegation key") as caught:
        ClassicBatchExecution(definition, keyed(), Refused()).submit(INPUTS, UPLOADED)
    assert type(caught.value) is TransientError
    assert web.requests == []
