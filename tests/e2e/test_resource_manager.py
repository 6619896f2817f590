"""The article's second updatableScoringEndpoint2, of the Resource Manager kind: real azure-identity, TLS, whole app."""

import sys
from dataclasses import replace

import pytest

from devstack.studio import NEVER, Fault, FaultKind, Hold, ResourceManagerSettings, Studio
from functions.retraining.core.run import Run, RunStatus
from tests.e2e.conftest import MakeHouse
from tests.e2e.definitions import Definitions, arm_linked_service
from tests.e2e.house import House

pytestmark = [pytest.mark.azurite, pytest.mark.usefixtures("authority")]

TOKEN = ["token.openid_configuration", "token.issue_v2"]
"""One token serves all calls."""


@pytest.fixture
def arm_house(make_house: MakeHouse, studio: Studio) -> House:
    return make_house(Definitions(scoring=arm_linked_service(studio)))


def switch(house: House, **switches: object) -> None:
    house.studio.settings = replace(
        house.studio.settings,
        resource_manager=ResourceManagerSettings(**switches),  # type: ignore[arg-type]  # by name
    )


def retrained(house: House) -> Run:
    run = house.ended(house.begun())
    assert run.status is RunStatus.SUCCEEDED, run.failure
    assert run.model
    assert house.live_arm_model() == run.model.path
    return run


def test_the_articles_other_endpoint_takes_the_model(arm_house: House) -> None:
    retrained(arm_house)
    calls = [seen.route for seen in arm_house.studio.requests if not seen.route.startswith("bes.")]
    sys.stdout.write(f"requests: {', '.join(calls)}\n")
    assert calls == [
        *TOKEN,
        "arm.get_web_service",
        "arm.get_web_service",
        "arm.patch_web_service",
        *["arm.operation_status"] * 2,
        "arm.get_web_service",
    ]
    assert arm_house.live_model() == ""


@pytest.mark.parametrize("tenant", ["name", "id"])
def test_the_tenant_is_a_name_or_an_id(tenant: str, make_house: MakeHouse, studio: Studio) -> None:
    value = studio.tenant if tenant == "name" else studio.tenant_id
    retrained(make_house(Definitions(scoring=arm_linked_service(studio, tenant=value))))


@pytest.mark.parametrize(
    "switches",
    [
        {"assets": "replace"},
        {"asset_uri_as": "without_query"},
        {"operation_state_as": "provisioningState"},
        {"operation_url": "signed"},
        {"update_takes": Hold(calls=0)},
        {"update_takes": Hold(calls=4)},
    ],
    ids=str,
)
def test_whatever_the_sources_leave_open_the_model_goes_live(switches: dict[str, object], arm_house: House) -> None:
    switch(arm_house, **switches)
    retrained(arm_house)
    assert arm_house.routes()["arm.patch_web_service"] == 1


def begun_update(house: House) -> Run:
    """A run whose update is under way at the service."""
    run = house.begun()
    house.jobs_end()
    house.tick()
    run = house.run(run)
    assert run.status is RunStatus.UPDATING
    assert run.updates[0].operation
    return run


def test_a_restart_while_the_operation_goes_on_sends_nothing_again(arm_house: House) -> None:
    switch(arm_house, update_takes=Hold(calls=5), operation_url="signed")
    run = begun_update(arm_house)
    operation = run.updates[0].operation
    arm_house.restart()
    arm_house.clock.forward(minutes=1)
    arm_house.tick()
    assert arm_house.run(run).updates[0].operation == operation
    assert "the scoring web service's update (Provisioning" in arm_house.run(run).waits_for

    ended = arm_house.ended(run)

    assert ended.status is RunStatus.SUCCEEDED, ended.failure
    assert arm_house.routes()["arm.patch_web_service"] == 1
    assert operation
    signature = operation.rpartition("s=")[2]
    assert len(signature) > 8
    assert signature not in arm_house.log.text


def test_an_update_that_changes_nothing_is_a_failure_that_says_so(arm_house: House) -> None:
    arm_house.studio.settings = replace(arm_house.studio.settings, patch_takes_effect_after_gets=NEVER)
    run = arm_house.ended(arm_house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    assert "called the update complete, but still names" in run.failure.message
    assert "trainedModelName" in run.failure.message
    assert arm_house.slot().active == ()
    assert [update.attempt for update in run.updates] == [4], "the sample's policy has retry 3"


@pytest.mark.parametrize("error_as", ["error", "errorInfo"])
def test_an_operation_that_fails_ends_in_the_services_words(error_as: str, arm_house: House) -> None:
    switch(arm_house, operation_error_as=error_as)
    arm_house.studio.inject(
        Fault(FaultKind.OPERATION_FAILS, code="InvalidAssetLocation", message="The model cannot be read.", count=10)
    )
    run = arm_house.ended(arm_house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    for part in ("could not carry out the update: Failed", "InvalidAssetLocation", "The model cannot be read."):
        assert part in run.failure.message


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ({"read_only": True}, "the web service is read-only"),
        ({"payloads": "by_location"}, "keeps its assets in blob storage"),
    ],
    ids=["read-only", "payloads elsewhere"],
)
def test_a_web_service_that_cannot_be_updated_says_what_to_do(
    switches: dict[str, object], words: str, arm_house: House
) -> None:
    switch(arm_house, **switches)
    run = arm_house.ended(arm_house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    assert words in run.failure.message
    assert "deploy" in run.failure.message
    assert arm_house.routes()["arm.patch_web_service"] == 0


def test_a_wrong_secret_is_the_token_services_own_words_and_what_to_do(arm_house: House) -> None:
    arm_house.settings["SCORING_SERVICE_PRINCIPAL_KEY"] = "wrong+/="
    arm_house.restart()
    run = arm_house.ended(arm_house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    assert run.failure.code == "NoToken"
    for part in ("AADSTS7000215", "check servicePrincipalId, servicePrincipalKey and tenant"):
        assert part in run.failure.message
    assert arm_house.routes()["arm.get_web_service"] == 0


def test_a_service_principal_without_a_role_is_told_which_one_it_needs(arm_house: House) -> None:
    arm_house.settings["SCORING_SERVICE_PRINCIPAL_ID"] = arm_house.studio.service_principal_without_role_id
    arm_house.settings["SCORING_SERVICE_PRINCIPAL_KEY"] = arm_house.studio.service_principal_without_role_key
    arm_house.restart()
    run = arm_house.ended(arm_house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    for part in ("does not have authorization", "the role Contributor on the web service"):
        assert part in run.failure.message


def test_a_token_service_in_trouble_is_waited_for(arm_house: House) -> None:
    arm_house.studio.inject(Fault(FaultKind.HTTP_ERROR, "token.issue_v2", status=503, count=1))
    run = arm_house.begun()
    arm_house.jobs_end()
    arm_house.tick()
    assert "no token was given" in arm_house.run(run).waits_for
    # MSAL repeats a 503 for a minute of real time, from memory; another process asks again at once.
    arm_house.restart()
    ended = arm_house.ended(run)
    assert ended.status is RunStatus.SUCCEEDED, ended.failure
    assert arm_house.routes()["token.issue_v2"] == 2


def test_a_web_service_of_another_name_is_not_found_in_words(make_house: MakeHouse, studio: Studio) -> None:
    wrong = studio.arm_update_resource_endpoint.replace("ScoringExpForADFML", "ScoringExp")
    assert wrong != studio.arm_update_resource_endpoint
    house = make_house(Definitions(scoring=arm_linked_service(studio, updateResourceEndpoint=wrong)))
    run = house.ended(house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    assert run.failure.code == "WebServiceNotFound"
    assert "Check subscription, resource group and name" in run.failure.message
