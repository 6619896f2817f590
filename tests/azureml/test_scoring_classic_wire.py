"""The classic endpoint's decoder and body against recorded shapes."""

import pytest

from functions.retraining.azureml.scoring_classic_wire import decode_endpoint, patch_body
from functions.retraining.core.errors import OutcomeUnknown, PermanentError
from functions.retraining.core.observed import ScoringSeen

from .made_up import LINK, MODEL, SAS, TRAINED_MODEL_NAME, leaks
from .recorded import recorded

CENSUS = "Census Model [trained model]"


def endpoint(sample: str) -> ScoringSeen:
    return decode_endpoint("get the scoring endpoint", recorded(f"endpoint/{sample}"), TRAINED_MODEL_NAME, MODEL)


def test_the_body_points_one_resource_at_one_location() -> None:
    assert patch_body(TRAINED_MODEL_NAME, LINK) == {
        "Resources": [
            {
                "Name": TRAINED_MODEL_NAME,
                "Location": {
                    "BaseLocation": "https://archive.blob.core.windows.net/",
                    "RelativeLocation": MODEL.path,
                    "SasBlobToken": SAS,
                },
            }
        ]
    }


def test_an_endpoint_that_names_our_model_serves_it() -> None:
    assert endpoint("served") == ScoringSeen((CENSUS, TRAINED_MODEL_NAME), MODEL.path, serves_model=True)


def test_leading_slashes_of_a_location_do_not_count() -> None:
    assert endpoint("leading-slashes").serves_model


def test_an_endpoint_that_names_another_model_says_which() -> None:
    seen = endpoint("another-model")
    assert (seen.serving, seen.serves_model) == ("trainingoutput/2016/model.ilearner", False)


@pytest.mark.parametrize("sample", ["null-location", "null-relative-location"])
def test_a_resource_without_a_location_serves_nothing(sample: str) -> None:
    assert endpoint(sample) == ScoringSeen((TRAINED_MODEL_NAME,), "", serves_model=False)


def test_a_wrong_trained_model_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(PermanentError, match="upper and lower case count") as caught:
        endpoint("other-names")
    assert f"{TRAINED_MODEL_NAME!r} is not among" in str(caught.value)
    assert f"({CENSUS!r}, {TRAINED_MODEL_NAME.lower()!r})" in str(caught.value)
    assert not isinstance(caught.value, OutcomeUnknown)


@pytest.mark.parametrize("sample", ["no-resources", "null-resources", "resources-missing"])
def test_an_endpoint_without_resources_is_told_to_be_no_predictive_one(sample: str) -> None:
    with pytest.raises(PermanentError, match="only a predictive web service has updatable resources"):
        endpoint(sample)


@pytest.mark.parametrize(
    ("sample", "why"),
    [
        ("list", "got `array`"),
        ("resources-of-another-shape", "got `object`"),
        ("truncated", "truncated"),
        ("no-content", "an empty body"),
    ],
)
def test_what_is_no_endpoint_says_why_and_shows_none_of_its_keys(sample: str, why: str) -> None:
    with pytest.raises(OutcomeUnknown, match=why) as caught:
        endpoint(sample)
    assert not leaks(str(caught.value))
