"""Update resource: "updated" means that the scoring web service names the model (promise 6)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from devstack.studio import NEVER
from functions.retraining.core.run import RunStatus
from tests.e2e.conftest import MakeHouse
from tests.e2e.definitions import Definitions
from tests.e2e.house import House

pytestmark = pytest.mark.azurite


def test_an_update_that_takes_its_time_is_waited_for(house: House) -> None:
    house.studio.settings = replace(house.studio.settings, patch_takes_effect_after_gets=2)

    house.retrained()

    assert house.routes()["management.patch_endpoint"] == 1
    assert house.routes()["management.get_endpoint"] >= 4


def test_an_update_that_is_answered_without_content_is_a_yes_too(house: House) -> None:
    house.studio.settings = replace(house.studio.settings, patch_status=204)

    house.retrained()


def test_an_update_without_effect_is_tried_as_often_as_the_policy_says_and_then_timed_out(house: House) -> None:
    house.studio.settings = replace(house.studio.settings, patch_takes_effect_after_gets=NEVER)
    run = house.begun()
    house.jobs_end()
    house.tick()
    assert "still names no model" in house.run(run).waits_for
    for _ in range(4):
        house.clock.forward(hours=1)
        house.tick()

    run = house.ended(run, timedelta(hours=1))

    assert run.status is RunStatus.TIMED_OUT
    assert [update.attempt for update in run.updates] == [4], "the sample's policy has retry 3"
    assert run.failure
    assert "did not take the model within the activity's timeout of 1:00:00" in run.failure.message
    assert house.live_model() == ""
    house.studio.settings = replace(house.studio.settings, patch_takes_effect_after_gets=0)
    house.retrained()


def test_a_wrong_trained_model_name_is_an_error_that_lists_the_right_ones(make_house: MakeHouse) -> None:
    house = make_house(Definitions(trained_model_name="training exp for ADF ML [trained model]"))

    run = house.ended(house.begun())

    assert run.status is RunStatus.FAILED
    assert run.failure
    assert "'training exp for ADF ML [trained model]' is not among" in run.failure.message
    assert "'Training Exp for ADF ML [trained model]'" in run.failure.message
    assert house.routes()["management.patch_endpoint"] == 0
    assert house.slot().active == ()
    assert house.ended(house.begun()).status is RunStatus.FAILED
