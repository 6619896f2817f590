"""Update Resource at its front door: what GET shows, what PATCH checks, when it takes effect."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from devstack.examples import poor_sample
from devstack.studio import NEVER, Settings, Studio
from tests.devstack.studio.front_door import FrontDoor, Storage

pytestmark = pytest.mark.azurite

# azuremlps @98cb01c, bes_verbatim/swagger.endpointapi.json
ENDPOINT_KEYS = {
    *("Name", "Description", "CreationTime", "WorkspaceId", "WebServiceId", "HelpLocation", "PrimaryKey"),
    *("SecondaryKey", "ApiLocation", "ExperimentLocation", "Version", "PreventUpdate", "SampleDataEnabled"),
    *("MaxConcurrentCalls", "DiagnosticsTraceLevel", "ThrottleLevel", "Resources"),
}


def _error(answer: requests.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    return answer.status_code, error["code"]


def test_get_shows_the_endpoint_with_its_resource(front_door: FrontDoor, studio: Studio) -> None:
    endpoint = front_door.manage("GET").json()
    assert set(endpoint) == ENDPOINT_KEYS
    assert endpoint["Name"] == "endpoint2"
    assert endpoint["PrimaryKey"] == studio.scoring_api_key
    assert f"{endpoint['ApiLocation']}/jobs" == studio.scoring_endpoint_url
    assert endpoint["Resources"] == [
        {
            "Name": "Training Exp for ADF ML [trained model]",
            "Kind": "TrainedModel",
            "Location": {"BaseLocation": "", "RelativeLocation": "", "SasBlobToken": ""},
        }
    ]


def test_the_workspace_token_sees_all_endpoints_and_an_endpoint_key_its_own(
    front_door: FrontDoor, studio: Studio
) -> None:
    url = studio.update_resource_endpoint.removesuffix("/endpoint2")

    def names(key: str) -> list[str]:
        return [endpoint["Name"] for endpoint in front_door.manage("GET", url, key=key).json()]

    assert names(studio.workspace_token) == ["default", "endpoint2"]
    assert names(studio.scoring_api_key) == ["endpoint2"]
    assert _error(front_door.manage("GET", url, key="wrong")) == (401, "ManagementRequestUnauthorized")


def test_patch_points_the_endpoint_to_another_model(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    storage.put("new.ilearner", b"any content: it is read when somebody scores")
    answer = front_door.patch(storage.signed("new.ilearner"))
    assert (answer.status_code, answer.json()) == (200, {})
    assert front_door.deployed() == storage.path("new.ilearner")
    shown = {(m["endpoint"], m["relative_location"]) for m in studio.models()}
    assert shown == {("default", ""), ("endpoint2", storage.path("new.ilearner")), ("ScoringExpForADFML", "")}


def test_patch_answers_204_when_switched(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.settings = Settings(patch_status=204)
    storage.put("new.ilearner", b"")
    answer = front_door.patch(storage.signed("new.ilearner"), key=studio.workspace_token)
    assert (answer.status_code, answer.content) == (204, b"")
    assert front_door.deployed() == storage.path("new.ilearner")


def test_patch_may_take_effect_only_after_some_gets(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.settings = Settings(patch_takes_effect_after_gets=2)
    storage.put("new.ilearner", b"")
    front_door.patch(storage.signed("new.ilearner"))
    assert [front_door.deployed() for _ in range(4)] == ["", "", *[storage.path("new.ilearner")] * 2]


def test_patch_may_be_accepted_and_never_take_effect(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.settings = Settings(patch_takes_effect_after_gets=NEVER)
    storage.put("new.ilearner", b"")
    assert front_door.patch(storage.signed("new.ilearner")).status_code == 200
    assert [front_door.deployed() for _ in range(3)] == ["", "", ""]


def test_patch_refuses_an_unknown_resource_and_names_the_right_one(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("new.ilearner", b"")
    answer = front_door.patch(storage.signed("new.ilearner"), "endpoint2")
    assert _error(answer) == (400, "ResourceNotFound")
    assert "Training Exp for ADF ML [trained model]" in answer.json()["error"]["message"]


def test_patch_refuses_the_default_endpoint_and_a_training_service(
    front_door: FrontDoor, storage: Storage, studio: Studio
) -> None:
    storage.put("new.ilearner", b"")
    default = studio.update_resource_endpoint.replace("/endpoint2", "/default")
    answer = front_door.manage("PATCH", default, key=studio.workspace_token, json={"Resources": []})
    assert _error(answer) == (403, "EndpointNotUpdatable")


def test_patch_checks_the_key_before_anything_else(front_door: FrontDoor, studio: Studio, storage: Storage) -> None:
    location = storage.signed("new.ilearner")
    assert _error(front_door.patch(location, key="wrong")) == (401, "ManagementRequestUnauthorized")
    assert _error(front_door.patch(location, key=studio.training_api_key))[0] == 401


def test_patch_refuses_a_location_that_cannot_be_read(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("new.ilearner", b"")
    good = storage.signed("new.ilearner")
    unreadable = {
        "expired": storage.signed("new.ilearner", expires_in=timedelta(minutes=-1)),
        "write only": storage.signed("new.ilearner", permission="w"),
        "absent": storage.signed("absent.ilearner"),
        "unsigned": {**good, "SasBlobToken": ""},
        "no model": {**good, "RelativeLocation": storage.path("new.csv")},
        "no base": {**good, "BaseLocation": None},
        "no path": {**good, "RelativeLocation": None},
        "not a URL": {**good, "BaseLocation": "not a url"},
    }
    answers = {what: front_door.patch(location) for what, location in unreadable.items()}
    refused = {what: _error(answer) for what, answer in answers.items()}
    assert refused == dict.fromkeys(unreadable, (400, "InvalidResourceLocation"))
    assert not any("sig=" in answer.text for answer in answers.values())
    assert front_door.deployed() == ""


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"Resources": []}', b'{"Resources": [7]}', b'{"Resources": [{"Name": "x"}]}']
)
def test_patch_refuses_a_body_without_resources(front_door: FrontDoor, body: bytes) -> None:
    assert _error(front_door.manage("PATCH", data=body)) == (400, "InvalidRequestBody")


def test_patch_changes_all_resources_or_none(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    storage.put("new.ilearner", b"")
    location = storage.signed("new.ilearner")
    entries: list[dict[str, Any]] = [
        {"Name": studio.resource_name, "Location": location},
        {"Name": "unknown", "Location": location},
    ]
    assert front_door.manage("PATCH", json={"Resources": entries}).status_code == 400
    assert front_door.deployed() == ""


def test_unknown_names_are_not_found(front_door: FrontDoor, studio: Studio) -> None:
    url = studio.update_resource_endpoint
    answer = front_door.manage("GET", url.replace("/endpoint2", "/endpoint3"))
    assert _error(answer) == (404, "EndpointNotFound")
    assert "default, endpoint2" in answer.json()["error"]["message"]
    assert _error(front_door.manage("GET", url.replace("/webservices/", "/webservices/x")))[0] == 404
    assert _error(front_door.manage("GET", url.replace("/workspaces/", "/workspaces/x")))[0] == 404


def test_publish_puts_a_first_model_behind_every_scoring_service_and_a_second_behind_the_updatable_ones(
    studio: Studio, storage: Storage
) -> None:
    first = studio.publish(poor_sample().to_arff(), storage.reference("first.ilearner"))
    assert first.rows == 13
    storage.put("examples.csv", poor_sample().to_csv())
    studio.publish(storage.reference("examples.csv"), storage.reference("second.ilearner"))
    assert {m["endpoint"]: m["relative_location"] for m in studio.models()} == {
        "default": storage.path("first.ilearner"),
        "ScoringExpForADFML": storage.path("second.ilearner"),
        "endpoint2": storage.path("second.ilearner"),
    }


def test_publish_says_why_it_cannot(studio: Studio, storage: Storage) -> None:
    with pytest.raises(ValueError, match="All labels are 'x'"):
        studio.publish("a,b\n1,x\n", storage.reference("m.ilearner"), name="x.csv")
    with pytest.raises(ValueError, match="needs a ConnectionString"):
        studio.publish("a,b\n1,x\n", type(storage.reference("m.ilearner"))("c/m.ilearner"), name="x.csv")
