"""A web service of the Resource Manager kind at its front door: what GET shows, who may, what is refused."""

from typing import Any

import pytest

from devstack.studio import Hold, ResourceManagerSettings, Studio
from tests.devstack.studio.front_door import FrontDoor
from tests.devstack.studio.manager_door import ManagerDoor, detail, error, switch

pytestmark = pytest.mark.azurite


def test_get_shows_the_whole_definition_with_the_trained_model_among_its_assets(
    manager: ManagerDoor, studio: Studio
) -> None:
    shown = manager.shown()
    assert set(shown) == {"id", "name", "type", "location", "tags", "properties"}
    assert f"{studio.url}{shown['id']}?api-version=2016-05-01-preview" == manager.url
    assert shown["type"] == "Microsoft.MachineLearning/webServices"
    properties = shown["properties"]
    assert properties["packageType"] == "Graph"
    assert properties["provisioningState"] == "Succeeded"
    assert f"{properties['swaggerLocation']}".startswith(studio.arm_scoring_endpoint_url.removesuffix("jobs"))
    assert [asset["type"] for asset in properties["assets"].values()] == ["Module", "Module", "Resource"]
    assert properties["assets"]["asset3"] == {
        "name": studio.resource_name,
        "type": "Resource",
        "locationInfo": {"uri": "", "credentials": ""},
        "outputPorts": {"Results dataset": {"type": "Dataset"}},
    }
    assert "keys" not in properties
    used = {node.get("assetId") for node in properties["package"]["nodes"].values()}
    assert set(properties["assets"]) < used


def test_both_api_versions_are_answered_and_others_are_not(manager: ManagerDoor) -> None:
    url = manager.url.partition("?")[0]

    def asked(version: str | None) -> tuple[int, str]:
        answer = manager.call("GET", url, params={"api-version": version} if version is not None else None)
        return (200, "") if answer.ok else error(answer)

    assert asked("2016-05-01-preview") == asked("2017-01-01") == (200, "")
    assert asked(None) == (400, "MissingApiVersionParameter")
    # The article's URL, copied with its full stop and blank.
    assert asked("2016-05-01-preview. ") == (400, "InvalidApiVersionParameter")


def test_paths_are_taken_in_any_letter_case_and_logged_as_they_came(manager: ManagerDoor, studio: Studio) -> None:
    path, _, query = manager.url.removeprefix(studio.url).partition("?")
    for written in (path.lower(), path.upper()):
        answer = manager.call("GET", f"{studio.url}{written}?{query}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["id"] == path
        assert studio.requests_to("arm.get_web_service")[-1].path == written


def test_a_read_only_web_service_takes_no_patch(manager: ManagerDoor, studio: Studio, new_model: str) -> None:
    switch(studio, read_only=True)
    assert manager.shown()["properties"]["readOnly"] is True
    assert detail(manager.patch_model(new_model)) == (400, "WebServiceReadOnly")
    switch(studio)
    assert manager.ended(manager.patch({"readOnly": True}))["status"] == "Succeeded"
    assert detail(manager.patch_model(new_model)) == (400, "WebServiceReadOnly")


def test_a_large_definition_lies_elsewhere_and_get_shows_where(manager: ManagerDoor, studio: Studio) -> None:
    switch(studio, payloads="by_location")
    properties = manager.shown()["properties"]
    assert properties["payloadsInBlobStorage"] is True
    assert properties["payloadsLocation"]["uri"].startswith("https://")
    assert not {"assets", "package", "input", "output"} & set(properties)


def test_a_principal_without_a_role_is_forbidden_and_told_what_it_lacks(manager: ManagerDoor, studio: Studio) -> None:
    token = manager.issued_without_role()
    for method, action in (("GET", "webServices/read"), ("PATCH", "webServices/write")):
        answer = manager.call(method, token=token, json={})
        assert error(answer) == (403, "AuthorizationFailed")
        message = answer.json()["error"]["message"]
        assert f"'Microsoft.MachineLearning/{action}'" in message
        assert f"The client '{studio.service_principal_without_role_id}'" in message


def test_wrong_names_are_not_found_each_in_its_own_words(manager: ManagerDoor) -> None:
    url = manager.url
    answer = manager.call("GET", url.replace("ScoringExpForADFML", "Another"))
    assert answer.json() == {
        "error": {
            "code": "NotFound",
            "message": "The specified resource was not found.",
            "details": [
                {
                    "code": "WebServiceNotFound",
                    "message": "No Web Service could be found with the provided name: Another.",
                }
            ],
        }
    }
    assert error(manager.call("GET", url.replace("/relearner/", "/another/"))) == (404, "ResourceGroupNotFound")
    subscription = url.split("/")[4]
    other = url.replace(subscription, "0" * 36)
    assert error(manager.call("GET", other)) == (404, "SubscriptionNotFound")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", (400, "InvalidRequestContent")),
        (b"[]", (400, "InvalidRequestContent")),
        (b'{"properties": {"packageType": "Graph"}}', (400, "LocationRequired")),
        (b'{"location": "West US", "properties": {"packageType": "Graph"}}', (409, "InvalidResourceLocation")),
        (b'{"location": "southcentralus"}', (400, "BadArgument")),
        (b'{"location": "southcentralus", "properties": {"assets": {}}}', (400, "BadArgument")),
    ],
)
def test_a_patch_that_makes_no_sense_is_refused(manager: ManagerDoor, body: bytes, refusal: tuple[int, str]) -> None:
    assert error(manager.call("PATCH", data=body)) == refusal


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"assets": []}, "InvalidAsset"),
        ({"assets": {"asset3": {"name": "x", "type": "Model", "locationInfo": {"uri": "x"}}}}, "InvalidAsset"),
        ({"assets": {"asset3": {"name": "x", "type": "Resource"}}}, "InvalidAsset"),
        (
            {"assets": {"a": {"name": "x", "type": "Module", "locationInfo": {"uri": "x", "credentials": 1}}}},
            "InvalidAsset",
        ),
        ({"keys": "text"}, "InvalidKeys"),
        ({"keys": {"primary": 7}}, "InvalidKeys"),
    ],
)
def test_assets_and_keys_of_the_wrong_shape_are_refused(
    manager: ManagerDoor, properties: dict[str, Any], code: str
) -> None:
    assert detail(manager.patch(properties)) == (400, code)


def test_switches_of_the_resource_manager_can_be_changed_one_by_one(front_door: FrontDoor, studio: Studio) -> None:
    change = {"token_lifetime": 60, "resource_manager": {"assets": "replace", "update_takes": {"calls": 3}}}
    after = front_door.control("PATCH", "/settings", json=change).json()
    assert after == studio.settings.to_wire()
    assert after["token_lifetime"] == 60
    assert studio.settings.resource_manager == ResourceManagerSettings(update_takes=Hold(calls=3), assets="replace")
    front_door.control("PATCH", "/settings", json={"resource_manager": {"read_only": True}})
    assert studio.settings.resource_manager.assets == "replace"
    for wrong in ({"token_lifetime": 0}, {"resource_manager": {"assets": "x"}}, {"resource_manager": {"read_only": 1}}):
        assert front_door.control("PATCH", "/settings", json=wrong).status_code == 400
