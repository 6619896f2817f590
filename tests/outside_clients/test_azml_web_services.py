"""azmlclient 2.6.0 from PyPI against the studio, in a process of its own: scoring, and training by batch execution."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient

from devstack.azurite import Azurite
from devstack.studio import BlobReference, Studio

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("azml_web_services.py")
ROWS = "size,colour,fruit\n1,red,apple\n2.5,blue,plum\n1.1,red,apple\n2.6,blue,plum\n"


@pytest.fixture(scope="module")
def seen(one_studio: Studio, azurite: Azurite) -> dict[str, Any]:
    """What the client saw, having called every service once."""
    if importlib.util.find_spec("azmlclient") is None:
        locked = "azmlclient==" in (ROOT / "requirements-dev.lock").read_text("utf-8")
        (pytest.fail if locked else pytest.skip)("azmlclient is not installed")
    one_studio.reset()
    one_studio.publish(ROWS, _reference(azurite, "first.ilearner"), name="rows.csv")
    _upload(azurite, {"rows.csv": ROWS, "broken.csv": "no rows"})
    return _run(one_studio, azurite)


def test_it_scores_with_the_classic_endpoint_in_both_forms(seen: dict[str, Any]) -> None:
    # It reads the answer's text back into numbers where it can.
    expected = [["1.0", "red", "apple"], ["2.6", "blue", "plum"]]
    assert [row[:3] for row in seen["classic"]] == expected
    assert [row[:3] for row in seen["classic swagger"]] == expected


def test_it_scores_with_the_web_service_of_the_resource_manager_kind(seen: dict[str, Any]) -> None:
    assert seen["arm"] == seen["classic"]
    assert seen["arm swagger"] == seen["classic swagger"]


def test_it_submits_starts_polls_reads_and_deletes_a_training_job(seen: dict[str, Any], azurite: Azurite) -> None:
    assert len(seen["training"]["job"]) == 32
    output = seen["training"]["results"]["output1"]
    assert output["RelativeLocation"] == "outside-clients/trained.ilearner"
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        assert service.get_blob_client("outside-clients", "trained.ilearner").exists()


def test_it_reads_a_failed_job_and_a_refusal(seen: dict[str, Any]) -> None:
    assert seen["failing"].startswith("JobExecutionException: The job ended with an error")
    assert "Invalid credentials provided." in seen["wrong key"]


def _reference(azurite: Azurite, name: str) -> BlobReference:
    return BlobReference(f"outside-clients/{name}", connection_string=azurite.connection_string)


def _upload(azurite: Azurite, texts: dict[str, str]) -> None:
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        for name, text in texts.items():
            service.get_blob_client("outside-clients", name).upload_blob(text, overwrite=True)


def _run(studio: Studio, azurite: Azurite) -> dict[str, Any]:
    environment = os.environ | {"REQUESTS_CA_BUNDLE": str(studio.ca_bundle), "TOLD": json.dumps(_told(studio, azurite))}
    command = [sys.executable, str(SCRIPT)]
    done = subprocess.run(  # noqa: S603 - our own script
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def _told(studio: Studio, azurite: Azurite) -> dict[str, Any]:
    classic = {"url": studio.scoring_execute_url.removesuffix("/execute"), "key": studio.scoring_api_key}
    arm = {"url": studio.arm_scoring_execute_url.removesuffix("/execute"), "key": studio.arm_scoring_api_key}
    training = {"url": studio.training_endpoint_url.removesuffix("/jobs"), "key": studio.training_api_key}
    outputs = {"output1": _reference(azurite, "trained.ilearner").to_wire()}
    return {
        "scoring": {"classic": classic, "classic swagger": classic, "arm": arm, "arm swagger": arm},
        "training": {
            **training,
            "inputs": {"input1": _reference(azurite, "rows.csv").to_wire()},
            "outputs": outputs,
        },
        "failing": {
            **training,
            "inputs": {"input1": _reference(azurite, "broken.csv").to_wire()},
            "outputs": outputs,
        },
    }
