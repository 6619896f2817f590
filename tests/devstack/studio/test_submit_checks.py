"""What submit refuses, each with the service's own code; and the shape of every refusal."""

from collections.abc import Callable
from typing import Any

import pytest

from devstack.studio import Studio
from tests.devstack.studio.front_door import FrontDoor, Storage, Wire

pytestmark = pytest.mark.azurite

Change = Callable[[Wire, Storage], Any]


def _input(**parts: Any) -> Change:  # noqa: ANN401 - also wrong types, on purpose
    return lambda body, _: body["Inputs"]["input1"].update(parts)


def _output(**parts: Any) -> Change:  # noqa: ANN401 - also wrong types, on purpose
    return lambda body, _: body["Outputs"]["output1"].update(parts)


REFUSED: dict[str, tuple[str, Change]] = {
    "both forms at once": (
        "DuplicateInputInBatchCall",
        lambda body, _: body.update(Input=body["Inputs"]["input1"]),
    ),
    "no input at all": ("MissingRequestInput", lambda body, _: body.pop("Inputs")),
    "an input port in the wrong case": (
        "InvalidInputNames",
        lambda body, _: body.update(Inputs={"Input1": body["Inputs"]["input1"]}),
    ),
    "the input port empty": ("BatchJobInputsNotSpecified", lambda body, _: body.update(Inputs={"input1": None})),
    "an input that is no object": ("InvalidBlob", lambda body, _: body["Inputs"].update(input1="x.csv")),
    "an input path that is no text": ("InvalidBlob", _input(RelativeLocation=7)),
    "an input without access": ("MissingInputBlobInformation", _input(ConnectionString=None)),
    "an input without a path": ("InputBlobRelativeLocationInvalid", _input(RelativeLocation="")),
    "an input without a container": ("InputBlobRelativeLocationInvalid", _input(RelativeLocation="x.csv")),
    "a broken connection string": ("InvalidBlobConnectionString", _input(ConnectionString="AccountName")),
    "an input with a wrong extension": (
        "InvalidBlobExtension",
        lambda body, storage: body["Inputs"].update(input1=storage.keyed("x.txt")),
    ),
    "an input that is not there": (
        "BlobNotFound",
        lambda body, storage: body["Inputs"].update(input1=storage.keyed("absent.csv")),
    ),
    "no outputs": ("MissingRequiredOutputOverrides", lambda body, _: body.pop("Outputs")),
    "an unknown output port": (
        "InvalidOutputOverrideName",
        lambda body, _: body.update(Outputs={"Output1": body["Outputs"]["output1"]}),
    ),
    "an output without a place": ("MissingOutputOverrideSpecification", _output(RelativeLocation=None)),
    "an output without access": ("MissingOutputOverrideSpecification", _output(ConnectionString=None)),
    "a null output": ("MissingOutputOverrideSpecification", lambda body, _: body["Outputs"].update(output1=None)),
    "a model that would be a table": ("InvalidBlobExtension", _output(RelativeLocation="some/model.csv")),
    "outputs that are a list": ("RequestBodyInvalid", lambda body, _: body.update(Outputs=["output1"])),
    "global parameters that are a list": ("RequestBodyInvalid", lambda body, _: body.update(GlobalParameters=[1])),
    "a key nobody knows": ("UnexpectedParameter", lambda body, _: body.update(Inptus={})),
}


@pytest.mark.parametrize("what", REFUSED)
def test_submit_refuses(front_door: FrontDoor, storage: Storage, what: str) -> None:
    code, change = REFUSED[what]
    storage.put("x.csv", "a,b\n1,2\n")
    body = storage.training("x.csv")
    change(body, storage)

    answer = front_door.submit(body)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["message"]) == ("BadArgument", "Invalid argument provided.")
    assert [detail["code"] for detail in error["details"]] == [code]
    assert "AccountKey" not in answer.text


def test_the_extension_error_is_word_for_word_what_users_saw(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x", "a,b\n1,2\n")
    message = front_door.submit(storage.training("x")).json()["error"]["details"][0]["message"]
    assert message == (
        f"The blob reference: {storage.path('x')} has an invalid or missing file extension. "
        'Supported file extensions for this output type are: ".csv, .tsv, .arff".'
    )


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "RequestIsEmpty"), (b"{", "RequestBodyInvalid"), (b"[]", "RequestBodyInvalid")]
)
def test_a_body_that_is_no_json_object_is_refused(front_door: FrontDoor, body: bytes, code: str) -> None:
    answer = front_door.bes("POST", data=body)
    assert answer.json()["error"]["details"][0]["code"] == code


@pytest.mark.parametrize("version", [{}, {"api-version": "1.0"}])
def test_another_api_version_is_refused(front_door: FrontDoor, version: dict[str, str]) -> None:
    answer = front_door.bes("POST", params=version, json={})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["code"] == "BadVersionCall"


def test_a_wrong_key_gets_the_captured_401_body(front_door: FrontDoor) -> None:
    answer = front_door.bes("POST", key="wrong", json={})
    assert answer.status_code == 401
    assert answer.json() == {
        "error": {
            "code": "Unauthorized",
            "message": "Request is unauthorized to access resource.",
            "details": [{"code": "ScoreRequestUnauthorized", "message": "Invalid credentials provided."}],
        }
    }


def test_no_key_is_unauthorized_and_the_bearer_scheme_may_be_lower_case(front_door: FrontDoor, studio: Studio) -> None:
    assert front_door.bes("POST", key="", json={}).status_code == 401
    url, scheme = studio.training_endpoint_url, f"bearer {studio.training_api_key}"
    session = front_door._session
    answer = session.post(f"{url}?api-version=2.0", headers={"Authorization": scheme}, data=b"", timeout=10)
    assert answer.json()["error"]["details"][0]["code"] == "RequestIsEmpty"


def test_unknown_workspaces_services_paths_and_verbs_are_errors_in_the_same_shape(
    front_door: FrontDoor, studio: Studio
) -> None:
    def codes(method: str, url: str) -> tuple[int, str]:
        answer = front_door.call(method, url, key=studio.training_api_key, params={"api-version": "2.0"})
        return answer.status_code, answer.json()["error"]["details"][0]["code"]

    workspace = studio.training_endpoint_url.split("/services/")[0]
    assert codes("POST", f"{studio.url}/workspaces/w/services/e/jobs") == (404, "WorkspaceNotFound")
    assert codes("POST", f"{workspace}/services/e/jobs") == (404, "WebServiceNotFound")
    assert codes("GET", f"{studio.url}/nowhere") == (404, "PathNotFound")
    assert codes("PUT", studio.training_endpoint_url) == (405, "VerbNotAllowed")


def test_every_answer_carries_a_request_id_of_its_own(front_door: FrontDoor) -> None:
    answers = [front_door.bes("POST", key="wrong"), front_door.bes("GET", "/x"), front_door.manage("GET")]
    assert len({answer.headers["x-ms-request-id"] for answer in answers}) == 3


def test_a_scoring_service_takes_no_training_job(front_door: FrontDoor, studio: Studio, storage: Storage) -> None:
    answer = front_door.call(
        "POST",
        studio.scoring_endpoint_url,
        key=studio.scoring_api_key,
        params={"api-version": "2.0"},
        json=storage.training("x.csv"),
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "InvalidOperation"
