"""A wrong trainedModelName is answered with the right ones, which are somebody else's text: no secret may pass."""

import json

import pytest

from functions.retraining.azureml.answers import Answer
from functions.retraining.azureml.scoring_arm_wire import decode_web_service, scoring_seen
from functions.retraining.azureml.scoring_classic_wire import decode_endpoint
from functions.retraining.core.errors import PermanentError
from tests.azureml.made_up import LINK, MODEL

NAME = "odd [trained model] ?sv=2019-12-12&sig=hT5kZ0mWq3vN8bXc1yLd%2BaG7u%3D&sp=r"


def _answer(body: object) -> Answer:
    return Answer(200, {}, json.dumps(body).encode())


def test_a_classic_endpoints_names_are_listed_without_secrets() -> None:
    answer = _answer({"Resources": [{"Name": NAME}]})
    with pytest.raises(PermanentError, match=r"odd \[trained model\]") as caught:
        decode_endpoint("get", answer, "wanted", MODEL)
    assert "hT5k" not in str(caught.value)


def test_a_resource_manager_services_names_are_listed_without_secrets() -> None:
    assets = {"asset1": {"name": NAME, "type": "Resource"}}
    service = decode_web_service("get", _answer({"location": "l", "properties": {"assets": assets}}))
    with pytest.raises(PermanentError, match=r"odd \[trained model\]") as caught:
        scoring_seen("get", service, "wanted", LINK.address)
    assert "hT5k" not in str(caught.value)
