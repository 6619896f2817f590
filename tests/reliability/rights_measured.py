"""What the app really does, on which container and at which service: measured on real storage and a real studio."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from urllib.parse import urlsplit

from benchmarks import storage_requests
from devstack.azurite import Azurite
from devstack.studio import Hold, Pace
from functions.retraining.bootstrap import Relearner
from functions.retraining.core.run import RunStatus
from tests.e2e.house import EXAMPLE, House
from tests.reliability.service_faults.calls import Kind
from tests.reliability.service_faults.stage import Stage

DEAD_LETTERS = "dead-letters"

type Rights = dict[str, frozenset[str]]
"""By what they are on, as docs/rights.md calls it: the operations."""


def measured() -> Rights:
    """Everything that the app does in a day of its life, with each kind of scoring web service."""
    rights: defaultdict[str, set[str]] = defaultdict(set)
    with (
        TemporaryDirectory(prefix="relearner-rights-") as folder,
        Azurite.start(Path(folder)) as azurite,
        Stage.open(azurite) as stage,
    ):
        for kind in Kind:
            with stage.house(kind) as house, _noting_containers():
                _live(house)
                for on, operation in (*_on_storage(house), *_at_services(house)):
                    rights[on].add(operation)
    return {on: frozenset(operations) for on, operations in rights.items()}


def _live(house: House) -> None:
    """A day: first containers, a checked example, a run, an adopted model, a sweep, a poisoned event, a timeout."""
    for container in (house.containers.state, house.containers.archive):
        house.storage.delete_container(container)
    _ask_for_rows(house)
    run = house.ended(house.begun())
    assert run.status is RunStatus.SUCCEEDED, run.failure
    house.upload()
    house.app.record_poison(_poison(house))
    Relearner(replace(house.app.app, dead_letter_container=DEAD_LETTERS)).sweep_examples()
    for left in house.open_runs():
        stored = house.app.app.runs.load(left)
        if stored and stored.run.pipeline == run.pipeline:
            house.ended(stored.run)
    house.clock.forward(hours=1)
    house.put_model(house.model_bytes(run))
    house.model_arrives()
    house.studio.set_pace(Pace(running=Hold(calls=1000)))
    timed_out = house.begun()
    house.tick()
    house.clock.forward(hours=3)
    house.tick()
    assert house.run(timed_out).job


def _ask_for_rows(house: House) -> None:
    file = house.folder / "adf/dataset/trainingData.json"
    document = json.loads(file.read_text("utf-8"))
    document["properties"]["policy"] = {"validation": {"minimumRows": 1}}
    file.write_text(json.dumps(document), "utf-8")
    house.restart()


def _poison(house: House) -> bytes:
    message = {"Type": "BlobTrigger", "BlobType": "BlockBlob", "ContainerName": house.containers.examples}
    return json.dumps({**message, "BlobName": EXAMPLE, "ETag": '"0x1"'}).encode()


@contextmanager
def _noting_containers() -> Iterator[None]:
    """Let the counted requests say which container each was for."""
    kind_of = storage_requests.kind_of

    def with_container(method: str, url: str, *, copies: bool) -> str:
        container = urlsplit(url).path.split("/")[2]  # by address alone, the account comes first
        return f"{container} {kind_of(method, url, copies=copies)}"

    with patch.object(storage_requests, "kind_of", with_container):
        yield


def _on_storage(house: House) -> Iterator[tuple[str, str]]:
    containers = house.containers
    names = {
        containers.state: "state container",
        containers.archive: "archive container",
        containers.examples: "watched container of examples",
        containers.models: "watched container of trained models",
        DEAD_LETTERS: "dead-letter container",
    }
    for request in house.counted.requests.taken():
        container, _, operation = request.partition(" ")
        yield names.get(container, container), operation


def _at_services(house: House) -> Iterator[tuple[str, str]]:
    names = {
        "bes": "training web service",
        "management": "classic scoring web service",
        "arm": "Resource Manager scoring web service",
        "token": "token service",
    }
    for route in house.routes():
        service, _, operation = route.partition(".")
        yield names.get(service, service), operation
