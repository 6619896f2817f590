"""The model of a web service of the Resource Manager kind: how it is read, shown, hidden, and scored with."""

import pytest

from devstack.studio import Studio
from tests.devstack.studio.front_door import FrontDoor, Storage
from tests.devstack.studio.manager_door import ManagerDoor, detail, plain_uri, signed_uri, switch

pytestmark = pytest.mark.azurite

FRUIT = "size,colour,fruit\n1,red,apple\n2.5,blue,plum\n1.1,red,apple\n2.6,blue,plum\n"
ONE_ROW = {"Inputs": {"input1": {"ColumnNames": ["size", "colour"], "Values": [["1", "red"]]}}}


def test_credentials_are_a_connection_string_for_the_uris_account_and_are_never_shown(
    manager: ManagerDoor, storage: Storage, new_model: str
) -> None:
    uri = plain_uri(storage, "new.ilearner")
    assert new_model.startswith(uri)
    patched = manager.patch_model(uri, storage.connection_string)
    assert manager.ended(patched)["status"] == "Succeeded"
    shown = manager.call("GET")
    assert shown.json()["properties"]["assets"]["asset3"]["locationInfo"] == {"uri": uri, "credentials": ""}
    assert "AccountKey" not in shown.text

    # Sent back as it was shown, it keeps the credentials it has: the next update of something else succeeds.
    again = manager.patch({"assets": manager.shown()["properties"]["assets"]})
    assert manager.ended(again)["status"] == "Succeeded"

    other = storage.connection_string.replace("devstoreaccount1", "anotheraccount")
    for credentials in (other, "not a connection string"):
        failed = manager.ended(manager.patch_model(uri, credentials))
        assert failed["error"]["code"] == "InvalidAssetLocation"
        assert credentials not in failed["error"]["message"]


def test_the_uri_may_be_shown_without_its_query(manager: ManagerDoor, studio: Studio, new_model: str) -> None:
    switch(studio, asset_uri_as="without_query")
    manager.ended(manager.patch_model(new_model))
    assert manager.model_uri() == new_model.partition("?")[0]


def test_scoring_answers_with_the_model_that_the_asset_points_to(
    manager: ManagerDoor, front_door: FrontDoor, studio: Studio, storage: Storage
) -> None:
    def label() -> str:
        url, key = studio.arm_scoring_execute_url, studio.arm_scoring_api_key
        answer = front_door.call("POST", url, key=key, json=ONE_ROW, params={"api-version": "2.0", "details": "true"})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["Results"]["output1"]["value"]["Values"][0][2])

    studio.publish(FRUIT.replace("apple", "cherry"), storage.reference("second.ilearner"), name="x.csv")
    studio.publish(FRUIT, storage.reference("first.ilearner"), name="x.csv")
    assert label() == "apple"
    by_token = manager.patch_model(signed_uri(storage, "second.ilearner"))
    assert label() == "apple"
    assert manager.ended(by_token)["status"] == "Succeeded"
    assert label() == "cherry"
    by_credentials = manager.patch_model(plain_uri(storage, "first.ilearner"), storage.connection_string)
    assert manager.ended(by_credentials)["status"] == "Succeeded"
    assert label() == "apple"
    place = studio.models()[-1]
    assert (place["endpoint"], place["relative_location"]) == ("ScoringExpForADFML", storage.path("first.ilearner"))


def test_scoring_checks_names_key_and_version(front_door: FrontDoor, studio: Studio) -> None:
    url, key = studio.arm_scoring_execute_url, studio.arm_scoring_api_key

    def refused(url: str, key: str, version: str = "2.0") -> tuple[int, str]:
        return detail(front_door.call("POST", url, key=key, json=ONE_ROW, params={"api-version": version}))

    assert refused(url, "wrong") == (401, "ScoreRequestUnauthorized")
    assert refused(url, studio.scoring_api_key) == (401, "ScoreRequestUnauthorized")
    assert refused(url, key, "1.0") == (400, "BadVersionCall")
    assert refused(url.replace("/services/", "/services/0"), key) == (404, "WebServiceNotFound")
    assert refused(url, key) == (404, "ModelPackageNotFound")


def test_no_secret_of_an_update_is_in_what_was_seen(manager: ManagerDoor, studio: Studio, storage: Storage) -> None:
    storage.put("new.ilearner", b"")
    manager.ended(manager.patch_model(signed_uri(storage, "new.ilearner")))
    manager.ended(manager.patch_model(plain_uri(storage, "new.ilearner"), storage.connection_string))
    first, second = studio.requests_to("arm.patch_web_service")
    uri = plain_uri(storage, "new.ilearner")
    assert first.body["properties"]["assets"]["asset3"]["locationInfo"] == {"uri": f"{uri}?***", "credentials": ""}
    assert second.body["properties"]["assets"]["asset3"]["locationInfo"] == {"uri": uri, "credentials": "***"}
    everything = repr(studio.requests) + repr(studio.models()) + repr(studio._cloud.resource_group)
    for secret in ("AccountKey", "sig=", manager.token, studio.arm_scoring_api_key):
        assert secret not in everything
