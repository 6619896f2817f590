"""Updates of a web service of the Resource Manager kind: PATCH, the operation, when it takes effect, how it fails."""

from datetime import timedelta

import pytest

from devstack.studio import NEVER, Fault, FaultKind, Hold, Keys, Settings, Studio
from tests.devstack.studio.front_door import Storage
from tests.devstack.studio.manager_door import ManagerDoor, detail, error, plain_uri, signed_uri, switch

pytestmark = pytest.mark.azurite


def test_patch_answers_200_with_a_sparse_body_and_where_to_ask(
    manager: ManagerDoor, studio: Studio, new_model: str
) -> None:
    answer = manager.patch_model(new_model)
    assert answer.status_code == 200
    assert answer.json()["properties"] == {"provisioningState": "Provisioning"}
    assert answer.json()["id"] == manager.shown()["id"]
    headers = answer.headers
    assert headers["Azure-AsyncOperation"].startswith(f"{studio.url}/subscriptions/")
    assert "/locations/southcentralus/operationsStatus/" in headers["Azure-AsyncOperation"]
    assert headers["Azure-AsyncOperation"].endswith("?api-version=2016-05-01-preview")
    assert headers["Azure-AsyncOperationPercentComplete"] == "0"
    assert headers["x-ms-request-id"]
    assert headers["x-ms-correlation-request-id"]
    assert headers["x-ms-ratelimit-remaining-subscription-writes"]
    assert not {"Location", "Retry-After"} & set(headers)


def test_an_update_takes_effect_when_its_operation_has_succeeded(
    manager: ManagerDoor, studio: Studio, new_model: str
) -> None:
    switch(studio, update_takes=Hold(calls=2))
    before = manager.shown()["properties"]["modifiedOn"]
    url = manager.patch_model(new_model).headers["Azure-AsyncOperation"]
    first = manager.call("GET", url).json()
    assert (first["status"], first["name"] in url) == ("Provisioning", True)
    assert "endTime" not in first
    during = manager.shown()["properties"]
    assert (during["provisioningState"], during["modifiedOn"]) == ("Provisioning", before)
    assert during["assets"]["asset3"]["locationInfo"]["uri"] == ""

    last = manager.call("GET", url).json()
    assert (last["status"], last["percentComplete"]) == ("Succeeded", 1.0)
    assert 0 < first["percentComplete"] < 1
    assert last["endTime"] >= last["startTime"]
    after = manager.shown()["properties"]
    assert after["provisioningState"] == "Succeeded"
    assert after["modifiedOn"] > before
    assert after["assets"]["asset3"]["locationInfo"]["uri"] == new_model


def test_an_update_can_take_seconds_whether_anybody_asks_or_not(
    manager: ManagerDoor, studio: Studio, new_model: str
) -> None:
    switch(studio, update_takes=Hold(seconds=0.2))
    patched = manager.patch_model(new_model)
    assert manager.ended(patched)["status"] == "Succeeded"
    assert manager.model_uri() == new_model


def test_patch_may_be_accepted_succeed_and_change_nothing(manager: ManagerDoor, studio: Studio, new_model: str) -> None:
    studio.settings = Settings(patch_takes_effect_after_gets=NEVER)
    assert manager.ended(manager.patch_model(new_model))["status"] == "Succeeded"
    assert [manager.model_uri() for _ in range(3)] == ["", "", ""]


def test_patch_may_take_effect_only_after_some_gets(manager: ManagerDoor, studio: Studio, new_model: str) -> None:
    studio.settings = Settings(patch_takes_effect_after_gets=2)
    manager.ended(manager.patch_model(new_model))
    assert [manager.model_uri() for _ in range(4)] == ["", "", new_model, new_model]


def test_a_second_update_is_refused_while_one_is_under_way(
    manager: ManagerDoor, studio: Studio, new_model: str
) -> None:
    switch(studio, update_takes=Hold(calls=100))
    assert manager.patch_model(new_model).status_code == 200
    assert detail(manager.patch_model(new_model)) == (409, "UpdateInProgress")
    studio.reset()
    switch(studio)
    assert manager.ended(manager.patch_model(new_model))["status"] == "Succeeded"
    assert manager.ended(manager.patch_model(new_model))["status"] == "Succeeded"


def test_assets_are_merged_or_replaced_by_choice(manager: ManagerDoor, studio: Studio, new_model: str) -> None:
    assets = manager.shown()["properties"]["assets"]
    only = {"asset3": {**assets["asset3"], "locationInfo": {"uri": new_model}}}
    assert manager.ended(manager.patch({"assets": only}))["status"] == "Succeeded"
    assert set(manager.shown()["properties"]["assets"]) == {"asset1", "asset2", "asset3"}

    switch(studio, assets="replace")
    failed = manager.ended(manager.patch({"assets": only}))
    assert (failed["status"], failed["error"]["code"]) == ("Failed", "ModuleAssetNotFound")
    assert "asset1, asset2" in failed["error"]["message"]
    assert manager.ended(manager.patch({"assets": {**assets, **only}}))["status"] == "Succeeded"


def test_other_properties_and_keys_are_changed_too_and_read_only_ones_ignored(
    manager: ManagerDoor, studio: Studio
) -> None:
    # The recorded session's smallest PATCH had no assets and no location; 2017-01-01 takes it.
    properties = {
        "packageType": "Graph",
        "keys": {"primary": "another-key", "secondary": None},
        "realtimeConfiguration": {"maxConcurrentCalls": 4},
        "createdOn": "1999-01-01T00:00:00Z",
        "provisioningState": "Failed",
    }
    secondary = Keys.read(studio.folder / "keys.json").arm_scoring_secondary
    url = manager.url.replace("2016-05-01-preview", "2017-01-01")
    manager.ended(manager.call("PATCH", url, json={"properties": properties}))
    after = manager.shown()["properties"]
    assert after["realtimeConfiguration"] == {"maxConcurrentCalls": 4}
    assert after["createdOn"].startswith("2016-02-13")
    assert after["provisioningState"] == "Succeeded"
    keys = manager.call("GET", manager.url.replace("?", "/listKeys?")).json()
    assert keys == {"primary": "another-key", "secondary": secondary}
    assert studio.arm_scoring_api_key == "another-key"
    assert "another-key" not in repr(studio.requests)


def test_a_model_that_cannot_be_read_fails_the_update_or_at_once_the_patch(
    manager: ManagerDoor, studio: Studio, storage: Storage, new_model: str
) -> None:
    unreadable = {
        "expired": signed_uri(storage, "new.ilearner", expires_in=timedelta(minutes=-1)),
        "write only": signed_uri(storage, "new.ilearner", permission="w"),
        "absent": signed_uri(storage, "absent.ilearner"),
        "unsigned": plain_uri(storage, "new.ilearner"),
        "no model": signed_uri(storage, "new.csv"),
        "not a uri": "model.ilearner",
    }
    for uri in unreadable.values():
        failed = manager.ended(manager.patch_model(uri))
        assert (failed["status"], failed["error"]["code"]) == ("Failed", "InvalidAssetLocation")
        assert "sig=" not in failed["error"]["message"]
    assert manager.shown()["properties"]["provisioningState"] == "Failed"
    assert manager.model_uri() == ""

    switch(studio, model_check="at_once")
    for uri in unreadable.values():
        answer = manager.patch_model(uri)
        assert detail(answer) == (400, "InvalidAssetLocation")
        assert "sig=" not in answer.text
    assert manager.ended(manager.patch_model(new_model))["status"] == "Succeeded"


def test_the_operation_can_be_made_to_fail_in_either_shape(
    manager: ManagerDoor, studio: Studio, new_model: str
) -> None:
    fault = Fault(FaultKind.OPERATION_FAILS, code="ModelPackageNotFound", message="The model is gone.", count=2)
    studio.inject(fault)
    failed = manager.ended(manager.patch_model(new_model))
    assert (failed["status"], failed["error"]) == (
        "Failed",
        {"code": "ModelPackageNotFound", "message": "The model is gone."},
    )
    switch(studio, operation_state_as="provisioningState", operation_error_as="errorInfo")
    failed = manager.ended(manager.patch_model(new_model))
    assert (failed["provisioningState"], failed["errorInfo"]["code"]) == ("Failed", "ModelPackageNotFound")
    assert "status" not in failed
    assert manager.model_uri() == ""
    assert manager.ended(manager.patch_model(new_model))["provisioningState"] == "Succeeded"


def test_a_signed_operation_url_has_to_be_asked_for_as_it_was_given(
    manager: ManagerDoor, studio: Studio, new_model: str
) -> None:
    switch(studio, operation_url="signed")
    patched = manager.patch_model(new_model)
    url = patched.headers["Azure-AsyncOperation"]
    plain, _, signature = url.rpartition("&s=")
    assert "&t=" in plain
    assert "&c=" in plain
    assert error(manager.call("GET", plain)) == (403, "OperationSignatureInvalid")
    assert error(manager.call("GET", f"{plain}&s={'0' * 64}")) == (403, "OperationSignatureInvalid")
    assert manager.ended(patched)["status"] == "Succeeded"
    assert signature not in repr(studio.requests)
    assert error(manager.call("GET", url, token="")) == (401, "AuthenticationFailed")


def test_an_unknown_operation_is_not_found(manager: ManagerDoor, new_model: str) -> None:
    url = manager.patch_model(new_model).headers["Azure-AsyncOperation"]
    assert error(manager.call("GET", url.replace("southcentralus", "westus"))) == (404, "OperationNotFound")
    number = url.rpartition("/")[2].partition("?")[0]
    assert error(manager.call("GET", url.replace(number, "0" * 36))) == (404, "OperationNotFound")


def test_faults_strike_these_routes_as_all_others(manager: ManagerDoor, studio: Studio, new_model: str) -> None:
    studio.inject(Fault(FaultKind.HTTP_ERROR, "arm.operation_status", status=502, code="BadGateway", retry_after=2))
    patched = manager.patch_model(new_model)
    url = patched.headers["Azure-AsyncOperation"]
    answer = manager.call("GET", url)
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "2")
    assert manager.ended(patched)["status"] == "Succeeded"
