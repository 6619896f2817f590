"""@azure/arm-webservices 1.1.0 and @azure/identity 3.4.2 from npm against the studio, in a Node process of their own.

Unmodified but for address and certificate (`NODE_EXTRA_CA_CERTS`).
"""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devstack.azurite import Azurite
from devstack.studio import NEVER, BlobReference, Fault, FaultKind, Hold, ResourceManagerSettings, Studio
from devstack.studio.resource_manager.assets import model_location

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("arm_web_service.mjs")
ROWS = "a,b\n1,x\n2,y\n"


@pytest.fixture
def studio(one_studio: Studio, azurite: Azurite) -> Studio:
    one_studio.reset()
    one_studio.publish(ROWS, _model(azurite, "first.ilearner"), name="x.csv")
    return one_studio


@pytest.fixture
def new_model(azurite: Azurite, studio: Studio) -> str:
    """The uri of another model, with a SAS in its query; the first one stays live."""
    reference = _model(azurite, "second.ilearner")
    studio.publish(ROWS, reference, name="x.csv")
    studio.publish(ROWS, _model(azurite, "first.ilearner"), name="x.csv")
    return model_location(reference.with_blob_sas(timedelta(hours=1)))["uri"]


def _model(azurite: Azurite, name: str) -> BlobReference:
    return BlobReference(f"outside-clients/{name}", connection_string=azurite.connection_string)


def _run(studio: Studio, model_uri: str, **changes: str) -> dict[str, Any]:
    """Let the clients update the web service; what they saw."""
    _, _, _, _, subscription, _, group, *_, name = studio.arm_update_resource_endpoint.partition("?")[0].split("/")
    node = shutil.which("node")
    assert node is not None
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_EXTRA_CA_CERTS": str(studio.ca_bundle),
        "NODE_PACKAGES": str(ROOT),
        "STUDIO_URL": studio.url,
        "TENANT": studio.tenant_id,
        "CLIENT_ID": studio.service_principal_id,
        "CLIENT_SECRET": studio.service_principal_key,
        "SUBSCRIPTION": subscription,
        "GROUP": group,
        "WEB_SERVICE": name,
        "MODEL_URI": model_uri,
    }
    command = [node, str(SCRIPT)]
    done = subprocess.run(  # noqa: S603 - our own script
        command, env=environment | changes, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def test_it_gets_patches_polls_to_the_end_and_gets_again(studio: Studio, new_model: str) -> None:
    studio.settings = replace(
        studio.settings, resource_manager=ResourceManagerSettings(update_takes=Hold(calls=2), operation_url="signed")
    )
    studio.clear_requests()
    seen = _run(studio, new_model)
    assert "error" not in seen, seen
    assert seen["before"]["properties"]["assets"]["asset3"]["name"] == studio.resource_name
    assert seen["before"]["properties"]["modifiedOn"] < seen["after"]["properties"]["modifiedOn"]
    assert seen["after"]["properties"]["assets"]["asset3"]["locationInfo"]["uri"] == new_model
    assert seen["after"]["properties"]["provisioningState"] == "Succeeded"
    assert seen["keys"]["primary"] == studio.arm_scoring_api_key
    assert studio.models()[-1]["relative_location"] == "outside-clients/second.ilearner"
    assert seen["answered"] == seen["after"]
    # Its own polling: three calls of the operation, of which two show it under way, and a GET of what came of it.
    assert [call.route for call in studio.requests if not call.route.startswith("token.")] == [
        "arm.get_web_service",
        "arm.patch_web_service",
        *["arm.operation_status"] * 3,
        *["arm.get_web_service"] * 2,
        "arm.list_keys",
    ]
    assert {call.query.get("api-version") for call in studio.requests_to("arm.patch_web_service")} == {"2017-01-01"}


def test_a_failed_update_is_an_error_to_it(studio: Studio, new_model: str) -> None:
    studio.inject(Fault(FaultKind.OPERATION_FAILS, code="ModelPackageNotFound", message="The model is gone."))
    seen = _run(studio, new_model)
    assert seen["error"]["message"] == "The long-running operation has failed. ModelPackageNotFound. The model is gone."


def test_an_update_that_changes_nothing_looks_like_success_to_it(studio: Studio, new_model: str) -> None:
    studio.settings = replace(studio.settings, patch_takes_effect_after_gets=NEVER)
    seen = _run(studio, new_model)
    assert seen["after"]["properties"]["assets"] == seen["before"]["properties"]["assets"]


def test_it_reads_the_refusals(studio: Studio, new_model: str) -> None:
    role = {
        "CLIENT_ID": studio.service_principal_without_role_id,
        "CLIENT_SECRET": studio.service_principal_without_role_key,
    }
    forbidden = _run(studio, new_model, **role)["error"]
    assert (forbidden["status"], forbidden["code"]) == (403, "AuthorizationFailed")
    missing = _run(studio, new_model, WEB_SERVICE="Another")["error"]
    assert (missing["status"], missing["code"]) == (404, "NotFound")
    wrong = _run(studio, new_model, CLIENT_SECRET="wrong")["error"]
    assert "AADSTS7000215" in wrong["message"]
