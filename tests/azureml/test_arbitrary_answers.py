"""Whatever bytes a service answers with: a value or a ServiceError, and never one of our secrets in its text."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.retraining.azureml.answers import Answer, expect_success
from functions.retraining.azureml.batch_execution_wire import decode_job_id, decode_status
from functions.retraining.azureml.scoring_arm_wire import (
    WebService,
    decode_operation,
    decode_web_service,
    patch_body,
    scoring_seen,
)
from functions.retraining.azureml.scoring_classic_wire import decode_endpoint
from functions.retraining.core.errors import ServiceError

from .made_up import LINK, MODEL, SAS, SIGNATURE, TRAINED_MODEL_NAME, leaks
from .recorded import names, recorded

pytestmark = pytest.mark.search

DECODERS: dict[str, Callable[[Answer], object]] = {
    "job id": lambda answer: decode_job_id("submit a job", answer),
    "status": lambda answer: decode_status("get job j", answer, "output1"),
    "endpoint": lambda answer: decode_endpoint("get the endpoint", answer, TRAINED_MODEL_NAME, MODEL),
    "web service": lambda answer: scoring_seen(
        "get the web service", decode_web_service("get the web service", answer), TRAINED_MODEL_NAME, LINK.address
    ),
    "changed assets": lambda answer: patch_body(decode_web_service("get the web service", answer), "x", LINK),
    "operation": lambda answer: decode_operation("follow the update", answer),
    "error": lambda answer: expect_success("get job j", Answer(503, answer.headers, answer.body)),
}


def refusal(decoder: str, answer: Answer) -> str:
    """What the decoder's ServiceError says, and the error behind it; nothing if it has none."""
    try:
        DECODERS[decoder](answer)
    except ServiceError as error:
        return f"{error} {error.__cause__ or ''}"
    return ""


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(SAS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        "StatusCode",
        "Results",
        "Result",
        "Details",
        "output1",
        "error",
        "code",
        "message",
        "details",
        "Resources",
        "Name",
        "Location",
        "BaseLocation",
        "RelativeLocation",
        "SasBlobToken",
        "PrimaryKey",
        "properties",
        "location",
        "assets",
        "name",
        "type",
        "locationInfo",
        "uri",
        "readOnly",
        "payloadsLocation",
        "status",
        "provisioningState",
        "percentComplete",
        "errorInfo",
    ]
)
nearly = st.recursive(
    anything | st.sampled_from(["Finished", "Failed", 4, TRAINED_MODEL_NAME, "Resource", "http://["]),
    lambda inner: st.dictionaries(KEYS, inner, max_size=5) | st.lists(inner, max_size=3),
    max_leaves=15,
)
bodies = st.binary() | (anything | nearly).map(lambda value: json.dumps(value).encode())
headers = st.dictionaries(st.sampled_from(["Retry-After", "x-ms-request-id"]), st.text(max_size=40))


@pytest.mark.parametrize("decoder", DECODERS)
@given(body=bodies, headers=headers)
@example(body=b"[" * 100_000, headers={})
@example(body=b'{"error":' * 100_000, headers={})
@example(body=b'{"StatusCode":"Finished","Details":' + b"[" * 100_000, headers={})
@example(body=b'{"StatusCode":' + b"9" * 10_000 + b"}", headers={})
@example(body=b'{"StatusCode":1e400}', headers={})
@example(body=b"\xef\xbb\xbf{}", headers={"Retry-After": "9" * 5000})
@example(body=b"\x00" * 10_000_000, headers={})
def test_any_answer_is_a_value_or_a_service_error(decoder: str, body: bytes, headers: dict[str, str]) -> None:
    said = refusal(decoder, Answer(200, headers, body))
    assert len(said) < 5000
    assert not leaks(said)


@pytest.mark.parametrize("nested", [b"[" * 100_000, b"9" * 10_000, b"1e400", b'{"uri":' * 100_000])
@pytest.mark.parametrize("key", [b"properties", b"error", b"percentComplete", b"status"])
def test_what_no_parser_takes_is_a_service_error(key: bytes, nested: bytes) -> None:
    for decoder in ("web service", "operation"):
        assert "something else than" in refusal(decoder, Answer(200, {}, b'{"' + key + b'":' + nested))


asset = st.dictionaries(
    st.sampled_from(["name", "type", "locationInfo", "outputPorts"]),
    st.sampled_from([TRAINED_MODEL_NAME, "Resource", "resource", "Module", {"uri": "http://["}, {"uri": SAS}])
    | anything,
)


@given(
    assets=st.dictionaries(st.text(), asset, max_size=5), status=st.text() | st.just(f"Failed {SAS}"), fault=anything
)
def test_any_asset_and_any_operation_is_a_value_or_a_service_error(
    assets: dict[str, Any], status: str, fault: object
) -> None:
    service = {"location": "l", "properties": {"assets": assets}}
    assert not leaks(refusal("web service", Answer(200, {}, json.dumps(service).encode())))
    sent = patch_body(WebService("l", assets), TRAINED_MODEL_NAME, LINK)["properties"]["assets"]
    assert list(sent) == list(assets)
    operation = Answer(200, {}, json.dumps({"status": status, "error": fault}).encode())
    words = refusal("operation", operation) or decode_operation("o", operation).words
    assert not leaks(words)
    assert len(words) < 700


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("sample", names())
def test_no_sample_cut_anywhere_shows_a_secret(decoder: str, sample: str) -> None:
    body = recorded(sample).body
    for end in range(0, len(body) + 1, 3):
        assert not leaks(refusal(decoder, Answer(200, {}, body[:end]))), f"cut after {end} bytes"


def test_a_status_that_is_none_is_not_quoted_with_its_secret() -> None:
    code = "Finished) Bearer q8Xw2Lr0)zW"
    said = refusal("status", Answer(200, {}, b'{"StatusCode": "%s"}' % code.encode()))
    assert "Bearer ***" in said
    assert "q8Xw2Lr0" not in said


@pytest.mark.parametrize("wrap", ["{}", '"{}"', '{{"Url":"{}"}}', "<p>{}</p>", "see {} for more"])
def test_a_signature_is_hidden_however_it_is_quoted(wrap: str) -> None:
    body = wrap.format(f"https://a.blob.core.windows.net/c/b{SAS}").encode()
    for decode in DECODERS.values():
        with pytest.raises(ServiceError) as caught:
            decode(Answer(200, {}, body))
        assert SIGNATURE not in str(caught.value)
        assert not leaks(str(caught.value))


def test_the_leak_finder_finds_a_leak() -> None:
    found: Any = leaks(f"... {SIGNATURE[2:12]} ...")
    assert found == [SIGNATURE]
