"""RRS at its front door: rows scored with whatever model the endpoint points to."""

from typing import Any

import pytest

from devstack.examples import Sample, better_sample, held_out_sample, poor_sample
from devstack.studio import Studio
from tests.devstack.studio.front_door import FrontDoor, Storage

pytestmark = pytest.mark.azurite

FRUIT = "size,colour,fruit\n1,red,apple\n2.5,blue,plum\n1.1,red,apple\n2.6,blue,plum\n"


@pytest.fixture
def fruit(studio: Studio, storage: Storage) -> None:
    studio.publish(FRUIT, storage.reference("fruit.ilearner"), name="fruit.csv")


def _table(*rows: list[Any], columns: tuple[str, ...] = ("size", "colour")) -> dict[str, Any]:
    return {"Inputs": {"input1": {"ColumnNames": list(columns), "Values": list(rows)}}, "GlobalParameters": {}}


@pytest.mark.usefixtures("fruit")
def test_the_table_form_appends_label_and_probability_as_text(front_door: FrontDoor) -> None:
    answer = front_door.score(_table(["1.0", "red"], [2.4, "blue"]))
    assert answer.status_code == 200
    output = answer.json()["Results"]["output1"]
    assert output["type"] == "table"
    value = output["value"]
    assert value["ColumnNames"] == ["size", "colour", "Scored Labels", "Scored Probabilities"]
    assert len(value["ColumnTypes"]) == 4
    assert [row[:3] for row in value["Values"]] == [["1.0", "red", "apple"], ["2.4", "blue", "plum"]]
    assert all(isinstance(cell, str) for row in value["Values"] for cell in row)
    first, second = (float(row[3]) for row in value["Values"])
    assert 0 < first < 0.5 < second < 1


@pytest.mark.usefixtures("fruit")
def test_without_details_there_are_values_only(front_door: FrontDoor) -> None:
    answer = front_door.score(_table(["1.0", "red"]), details="false")
    assert set(answer.json()["Results"]["output1"]["value"]) == {"Values"}


@pytest.mark.usefixtures("fruit")
def test_the_swagger_form_takes_and_gives_objects(front_door: FrontDoor) -> None:
    body = {"Inputs": {"input1": [{"size": 1.0, "colour": "red"}, {"colour": None, "size": "2.5"}]}}
    answer = front_door.score(body, format="swagger")
    first, second = answer.json()["Results"]["output1"]
    assert first == {
        "size": "1.0",
        "colour": "red",
        "Scored Labels": "apple",
        "Scored Probabilities": first["Scored Probabilities"],
    }
    assert second["Scored Labels"] == "plum"


@pytest.mark.usefixtures("fruit")
def test_columns_may_come_in_any_order_and_strange_ones_pass_through(front_door: FrontDoor) -> None:
    columns = ("fruit", "colour", "size")
    value = front_door.score(_table(["?", "violet", "2.7"], columns=columns)).json()["Results"]["output1"]["value"]
    assert value["Values"][0][:4] == ["?", "violet", "2.7", "plum"]


@pytest.mark.usefixtures("fruit")
@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        (_table(["1"], columns=("size",)), "InputParseError", "missing columns: colour"),
        (_table(["tiny", "red"]), "InputParseError", "'tiny' is not a number"),
        (_table(["1"]), "InputParseError", "row 1 has 1 values for 2 columns"),
        ({"Inputs": {"input1": [1]}}, "InputParseError", "not the table form"),
        ({"Inputs": {}}, "RequestBodyInvalid", ""),
        ([], "RequestBodyInvalid", ""),
    ],
)
def test_rows_that_do_not_fit_are_refused(front_door: FrontDoor, body: Any, code: str, reason: str) -> None:  # noqa: ANN401 - any body
    answer = front_door.score(body)
    assert answer.status_code == 400
    detail = answer.json()["error"]["details"][0]
    assert detail["code"] == code
    assert reason in detail["message"]


def test_an_endpoint_without_a_model_says_so(front_door: FrontDoor) -> None:
    answer = front_door.score(_table(["1", "red"]))
    assert answer.status_code == 404
    assert answer.json()["error"]["details"][0]["code"] == "ModelPackageNotFound"


def test_a_file_that_is_no_model_is_a_model_package_error(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x.ilearner", b"\x80\x04K\x01.")
    front_door.patch(storage.signed("x.ilearner"))
    answer = front_door.score(_table(["1", "red"]))
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "ModelPackageFormatError"


def test_key_and_api_version_are_checked_and_a_training_service_does_not_score(
    front_door: FrontDoor, studio: Studio
) -> None:
    url = studio.scoring_execute_url
    assert front_door.call("POST", url, key="wrong", json={}).status_code == 401
    assert front_door.call("POST", url, key=studio.scoring_api_key, json={}).status_code == 400
    training = studio.training_endpoint_url.removesuffix("/jobs") + "/execute"
    params = {"api-version": "2.0"}
    refused = front_door.call("POST", training, key=studio.training_api_key, params=params, json={})
    assert refused.json()["error"]["code"] == "InvalidOperation"


def test_scoring_follows_an_overwritten_blob(front_door: FrontDoor, studio: Studio, storage: Storage) -> None:
    def label() -> str:
        return str(front_door.score(_table(["1", "red"])).json()["Results"]["output1"]["value"]["Values"][0][2])

    studio.publish(FRUIT, storage.reference("m.ilearner"), name="x.csv")
    assert label() == "apple"
    studio.publish(FRUIT.replace("apple", "cherry"), storage.reference("m.ilearner"), name="x.csv")
    assert label() == "cherry"


def test_the_better_examples_make_a_clearly_better_model_than_the_poor_ones(
    front_door: FrontDoor, studio: Studio, storage: Storage
) -> None:
    held_out = held_out_sample()

    def accuracy() -> float:
        rows = front_door.score(held_out.to_score()).json()["Results"]["output1"]["value"]["Values"]
        return held_out.accuracy([row[-2] for row in rows])

    def retrain(sample: Sample) -> None:
        storage.put("labeledexamples.arff", sample.to_arff())
        done = front_door.ended(front_door.started(storage.training("labeledexamples.arff")))
        assert front_door.patch(done["Results"]["output1"]).status_code == 200

    studio.publish(poor_sample().to_csv(), storage.reference("first.ilearner"), name="poor.csv")
    before = accuracy()
    retrain(better_sample())
    after = accuracy()

    assert before < 0.80
    assert after > 0.93


def test_the_samples_share_no_row_and_are_always_the_same() -> None:
    better, held_out = better_sample(), held_out_sample()
    assert not set(better.rows) & set(held_out.rows)
    assert len(better.rows) + len(held_out.rows) == 569
    assert set(poor_sample().rows) <= set(better.rows)
    assert better.to_arff().splitlines()[2] == "@ATTRIBUTE 'mean radius' NUMERIC"
    assert "@ATTRIBUTE diagnosis {malignant,benign}" in better.to_arff()
    assert better.to_csv().splitlines()[0].endswith(",worst fractal dimension,diagnosis")
    assert (len(poor_sample().labels), poor_sample().labels.count("malignant")) == (13, 1)
