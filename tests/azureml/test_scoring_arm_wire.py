"""The Resource Manager kind's decoders and body against the published and recorded shapes."""

import json
from copy import deepcopy
from typing import Any

import pytest

from functions.retraining.azureml.scoring_arm import DEFAULT_API_VERSION, endpoint_of, operation_of
from functions.retraining.azureml.scoring_arm_wire import (
    WebService,
    decode_operation,
    decode_web_service,
    patch_body,
    scoring_seen,
)
from functions.retraining.core.errors import OutcomeUnknown, PermanentError
from functions.retraining.core.observed import ScoringSeen, UpdateSeen, UpdateState

from .made_up import LINK, MODEL, SAS, TRAINED_MODEL_NAME, leaks
from .recorded import recorded

CENSUS = "Census Model [trained model]"
ARCHIVED = f"https://archive.blob.core.windows.net/{MODEL.path}"
OLD = "https://examples.blob.core.windows.net/trainingoutput/2016/model.ilearner"
ENDPOINT = (
    "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearning/webServices/w"
)
OPERATION = (
    "https://management.azure.com/subscriptions/s/providers/Microsoft.MachineLearning/locations/l/operationsStatus/o"
)


def web_service(sample: str) -> WebService:
    return decode_web_service("get the scoring web service", recorded(f"web-service/{sample}"))


def seen(sample: str) -> ScoringSeen:
    return scoring_seen("get the scoring web service", web_service(sample), TRAINED_MODEL_NAME, LINK.address)


def operation(sample: str) -> UpdateSeen:
    return decode_operation("follow the update", recorded(f"operation/{sample}"))


def assets_of(sample: str) -> dict[str, Any]:
    assets: dict[str, Any] = json.loads(recorded(f"web-service/{sample}").body)["properties"]["assets"]
    return assets


@pytest.mark.parametrize("sample", ["served", "served-with-signature", "resource-in-lower-case"])
def test_a_web_service_that_names_our_model_serves_it_whatever_its_signature(sample: str) -> None:
    assert seen(sample) == ScoringSeen((TRAINED_MODEL_NAME,), ARCHIVED, serves_model=True)


@pytest.mark.parametrize("sample", ["another-model", "other-key"])
def test_a_web_service_that_names_another_model_says_which_without_its_signature(sample: str) -> None:
    assert seen(sample) == ScoringSeen((TRAINED_MODEL_NAME,), OLD, serves_model=False)


@pytest.mark.parametrize(
    ("sample", "serving"), [("no-location-info", ""), ("null-uri", ""), ("uri-of-no-parser", "http://[")]
)
def test_an_asset_without_a_place_serves_nothing_of_ours(sample: str, serving: str) -> None:
    assert seen(sample) == ScoringSeen((TRAINED_MODEL_NAME,), serving, serves_model=False)


@pytest.mark.parametrize(
    ("sample", "there"),
    [
        ("other-names", f"('{CENSUS}', 'training exp for ADF ML [trained model]')"),
        ("module-of-that-name", "(none)"),
        ("no-assets", "(none)"),
    ],
)
def test_a_wrong_trained_model_name_is_answered_with_the_right_ones(sample: str, there: str) -> None:
    with pytest.raises(PermanentError, match="upper and lower case count") as caught:
        seen(sample)
    assert there in str(caught.value)
    assert caught.value.code == "UnknownTrainedModelName"


@pytest.mark.parametrize(
    ("sample", "key"), [("another-model", "asset3"), ("other-key", "87a1f"), ("two-resources", "asset3")]
)
def test_the_whole_assets_map_is_sent_with_one_location_changed(sample: str, key: str) -> None:
    before = web_service(sample)
    wanted = assets_of(sample)
    wanted[key]["locationInfo"] = {"uri": f"{ARCHIVED}{SAS}"}
    body = patch_body(before, TRAINED_MODEL_NAME, LINK)
    assert body == {"location": "South Central US", "properties": {"packageType": "Graph", "assets": wanted}}
    assert list(body["properties"]["assets"]) == list(assets_of(sample))


def test_what_came_is_not_changed_by_what_is_sent() -> None:
    before = web_service("another-model")
    copy = deepcopy(before.assets)
    patch_body(before, TRAINED_MODEL_NAME, LINK)
    assert before.assets == copy


def test_a_module_of_the_same_name_is_left_alone() -> None:
    service = web_service("module-of-that-name")
    assert patch_body(service, TRAINED_MODEL_NAME, LINK)["properties"]["assets"] == service.assets


def test_a_read_only_web_service_is_told_so() -> None:
    with pytest.raises(PermanentError, match=r"read-only \(properties.readOnly\): deploy it anew") as caught:
        web_service("read-only")
    assert caught.value.code == "ReadOnly"


def test_a_web_service_with_its_assets_elsewhere_is_told_so_and_no_place_is_shown() -> None:
    with pytest.raises(PermanentError, match=r"payloadsLocation.*3 MB.*deploy a smaller") as caught:
        web_service("payloads-by-location")
    assert caught.value.code == "PayloadsInBlobStorage"
    assert not leaks(str(caught.value))


@pytest.mark.parametrize("sample", ["web-service/truncated", "operation/list", "operation/succeeded", "endpoint/list"])
def test_what_is_no_web_service_shows_nothing_of_it(sample: str) -> None:
    with pytest.raises(OutcomeUnknown, match="something else than a web service's definition") as caught:
        decode_web_service("get the scoring web service", recorded(sample))
    assert not leaks(str(caught.value))


@pytest.mark.parametrize(
    ("sample", "state", "words"),
    [
        ("provisioning", UpdateState.GOES_ON, "Provisioning, 60%"),
        ("unknown-status", UpdateState.GOES_ON, "Updating"),
        ("succeeded", UpdateState.SUCCEEDED, "Succeeded, 100%"),
        ("by-provisioning-state", UpdateState.SUCCEEDED, "Succeeded"),
        ("failed-without-words", UpdateState.FAILED, "Failed"),
        ("canceled", UpdateState.FAILED, "Canceled"),
    ],
)
def test_an_operation_says_how_far_it_is(sample: str, state: UpdateState, words: str) -> None:
    assert operation(sample) == UpdateSeen(state, words)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ("failed-with-error", "InvalidAssetLocation"),
        ("failed-with-error-info", "ModuleAssetNotFound"),
    ],
)
def test_a_failed_operation_says_why_and_shows_no_signature(sample: str, words: str) -> None:
    found = operation(sample)
    assert found.state is UpdateState.FAILED
    assert found.words.startswith("Failed: ")
    assert words in found.words
    assert not leaks(found.words)


@pytest.mark.parametrize(
    ("sample", "why"),
    [
        ("without-status", "neither status nor provisioningState"),
        ("list", "got `array`"),
        ("percent-as-text", "percentComplete"),
        ("truncated", "truncated"),
    ],
)
def test_what_is_no_operation_says_why(sample: str, why: str) -> None:
    with pytest.raises(OutcomeUnknown, match=f"something else than an operation's status.*{why}"):
        operation(sample)


@pytest.mark.parametrize(
    ("written", "version"),
    [
        (f"{ENDPOINT}?api-version=2016-05-01-preview", "2016-05-01-preview"),
        (f"{ENDPOINT}?api-version=2016-05-01-preview. ", "2016-05-01-preview"),
        (f" {ENDPOINT}?api-version=2017-01-01.", "2017-01-01"),
        (f"{ENDPOINT}?region=eu&api-version=2017-01-01#part", "2017-01-01"),
        (ENDPOINT, DEFAULT_API_VERSION),
        (f"{ENDPOINT}. ", DEFAULT_API_VERSION),
        (f"{ENDPOINT}?api-version=", DEFAULT_API_VERSION),
    ],
)
def test_the_articles_address_is_taken_with_and_without_its_period_and_blank(written: str, version: str) -> None:
    assert endpoint_of(written) == (ENDPOINT, version)


@pytest.mark.parametrize(
    "named",
    [
        OPERATION,
        f"{OPERATION}?api-version=2017-01-01&t=638&c=MII%2b&s=Vd9X-_~",
        OPERATION.replace("azure.com", "azure.com:443"),
        OPERATION.replace("management", "MANAGEMENT"),
    ],
)
def test_an_operation_at_the_endpoints_own_host_is_followed_exactly_as_named(named: str) -> None:
    assert operation_of(ENDPOINT, named) == named
    assert operation_of(ENDPOINT, f" {named} ") == named


@pytest.mark.parametrize(
    "named",
    [
        "",
        " ",
        "/subscriptions/s/operationsStatus/o",
        "https://elsewhere.example/operationsStatus/o",
        "//elsewhere.example/operationsStatus/o",
        "https://management.azure.com.elsewhere.example/o",
        "https://management.azure.com@elsewhere.example/o",
        "https://elsewhere.example\\@management.azure.com/o",
        "https://management.azure.com\\@elsewhere.example/o",
        "https://management.azure.com\\.elsewhere.example/o",
        "https://management.azure.com:444/o",
        "https://user:word@management.azure.com/o",
        "http://management.azure.com/o",
        "http://management.azure.com:443/o",
        "ftp://management.azure.com/o",
        "javascript:alert(1)",
        "https://[",
        "https://management.azure.com\t.elsewhere.example/o",
        "https://management.azure.com /o",
        "https://management.azure.com/o/{}",
        "https://management.azure.com/o/{0.__class__}",
        "https://management.azure.com/o\r\nX: y",
        "https:///o",
    ],
)
def test_an_operation_anywhere_else_is_none_of_ours(named: str) -> None:
    assert operation_of(ENDPOINT, named) is None
