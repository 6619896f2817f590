"""The studio really trains: what it makes of good examples, and what it says of bad ones."""

import csv
import io

import pytest

from devstack.examples import better_sample
from devstack.studio.training.ilearner import TrainedModel
from tests.devstack.studio.front_door import FrontDoor, Storage, Wire

pytestmark = pytest.mark.azurite

MIXED_ARFF = """% colours and sizes
@RELATION mixed
@ATTRIBUTE colour {red,'dark blue'}
@ATTRIBUTE size REAL
@ATTRIBUTE fruit {apple,plum}
@DATA
red,1.0,apple
'dark blue',2.5,plum
?,1.1,apple
'dark blue',?,plum
red,0.9,apple
'dark blue',2.7,plum
"""

BAD: dict[str, tuple[str, str, str]] = {
    "an empty blob": ("x.csv", "", "The examples are empty"),
    "a header only": ("x.csv", "a,b\n", "The examples are empty"),
    "an empty ARFF": ("x.arff", "", "This is not ARFF"),
    "ARFF without rows": ("x.arff", "@RELATION r\n@ATTRIBUTE a REAL\n@ATTRIBUTE b {x,y}\n@DATA\n", "not a single row"),
    "a CSV called ARFF": ("x.arff", "a,b\n1,2\n", "This is not ARFF: line 2: expected is @RELATION"),
    "HTML called ARFF": ("x.arff", "<html>\n<body>no</body></html>\n", "This is not ARFF: line 2: expected is"),
    "one class only": ("x.csv", "a,b\n1,yes\n2,yes\n", "All labels are 'yes'"),
    "a label column only": ("x.csv", "b\nyes\nno\n", "nothing to learn from"),
    "a short ARFF row": ("x.arff", MIXED_ARFF + "red,apple\n", "Line 13: "),
    "an undeclared category": ("x.arff", MIXED_ARFF + "green,1.0,apple\n", "Line 13: "),
    "a word where a number should be": ("x.arff", MIXED_ARFF + "red,tiny,apple\n", "Line 13: "),
    "a missing ARFF label": ("x.arff", MIXED_ARFF + "red,1.0,?\n", "Line 13: the label is missing"),
    "a missing CSV label": ("x.csv", "a,b\n1,yes\n2,\n", "Data row 2: the label is missing"),
    "a long CSV row": ("x.csv", "a,b\n1,yes\n2,no,3\n4,yes\n", "This is not a table"),
    "an infinite number": ("x.csv", "a,b\n1,yes\ninf,no\n", "Data row 2: column 'a' is infinite"),
    "a text attribute": (
        "x.arff",
        "@RELATION r\n@ATTRIBUTE a STRING\n@ATTRIBUTE b {x,y}\n@DATA\nhello,x\n",
        "'a' is STRING",
    ),
    "a number for each label": (
        "x.csv",
        "a,b\n" + "".join(f"{n},{n}\n" for n in range(200)),
        "more than 100 different values",
    ),
    "a text for each row": (
        "x.csv",
        "a,b\n" + "".join(f"t{n},{n % 2}\n" for n in range(1200)),
        "more than 1000 different texts",
    ),
    "a late word among many numbers": (
        "x.csv",
        "a,b\n" + "".join(f"{n},{n % 2}\n" for n in range(5000)) + "oops,1\n",
        "Data row 5001: column 'a' is numeric, but says 'oops'",
    ),
}


def _trained(front_door: FrontDoor, storage: Storage, name: str, text: str) -> TrainedModel:
    storage.put(name, text)
    finished = front_door.ended(front_door.started(storage.training(name)))
    assert finished["StatusCode"] == "Finished", finished
    return TrainedModel.from_bytes(storage.content("model.ilearner"))


@pytest.mark.parametrize("what", BAD)
def test_bad_examples_fail_the_job_with_the_reason(front_door: FrontDoor, storage: Storage, what: str) -> None:
    name, text, reason = BAD[what]
    storage.put(name, text)
    failed = front_door.ended(front_door.started(storage.training(name)))
    assert failed["StatusCode"] == "Failed"
    assert failed["Results"] is None
    assert reason in failed["Details"]
    assert not storage.exists("model.ilearner")


def test_nominal_numeric_and_missing_values_are_learned_from(front_door: FrontDoor, storage: Storage) -> None:
    model = _trained(front_door, storage, "x.arff", MIXED_ARFF)
    assert [feature.name for feature in model.features] == ["colour", "size"]
    assert model.features[0].categories == ("red", "dark blue")
    assert (model.label, model.classes, model.rows) == ("fruit", ("apple", "plum"), 6)
    scored = model.score([{"colour": "red", "size": "1"}, {"colour": "dark blue", "size": "?"}])
    assert [label for label, _ in scored] == ["apple", "plum"]
    assert scored[0][1] < 0.5 < scored[1][1]


def test_csv_tsv_and_arff_of_the_same_rows_give_the_same_model(front_door: FrontDoor, storage: Storage) -> None:
    sample = better_sample()
    tsv = sample.to_csv().replace(",", "\t")
    texts = {"x.arff": sample.to_arff(), "x.csv": sample.to_csv(), "x.tsv": tsv}
    rows = [dict(zip(sample.feature_names, map(repr, row), strict=True)) for row in sample.rows[:20]]
    scores = [_trained(front_door, storage, name, text).score(rows) for name, text in texts.items()]
    assert scores[0] == scores[1] == scores[2]


def test_rows_sorted_by_label_over_many_blocks_are_learned_all_the_same(
    front_door: FrontDoor, storage: Storage
) -> None:
    rows = "".join(f"{n % 7},{'' if n < 4200 else n % 5},{'low' if n < 4500 else 'high'}\n" for n in range(9000))
    # The second column is missing in the whole first chunk; the third one tells the classes apart.
    text = "x,y,z,level\n" + "".join(
        f"{x},{y},{0.1 if level == 'low' else 0.9},{level}\n" for x, y, level in csv.reader(io.StringIO(rows))
    )
    model = _trained(front_door, storage, "sorted.csv", text)
    assert (model.rows, model.trained_rows) == (9000, 7200)
    assert model.evaluated_on == "held-out rows"
    assert model.accuracy > 0.95


def test_numeric_labels_are_classes_too(front_door: FrontDoor, storage: Storage) -> None:
    header = "@RELATION r\n@ATTRIBUTE a REAL\n@ATTRIBUTE b NUMERIC\n@DATA\n"
    model = _trained(front_door, storage, "x.arff", header + "1,0\n2,1\n1.1,0\n2.1,1\n")
    assert model.classes == ("0", "1")


def test_a_table_without_a_header_row_says_so_by_its_name(front_door: FrontDoor, storage: Storage) -> None:
    assert _trained(front_door, storage, "x.nh.csv", "1,a\n2,b\n1,a\n").rows == 3


def test_an_evaluation_is_written_where_it_is_asked_for(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x.arff", better_sample().to_arff())
    body = storage.training("x.arff", output2=storage.keyed("evaluation.csv"))
    finished = front_door.ended(front_door.started(body))
    assert set(finished["Results"]) == {"output1", "output2"}
    (row,) = csv.DictReader(io.StringIO(storage.content("evaluation.csv").decode()))
    assert row["Evaluated On"] == "held-out rows"
    assert float(row["Accuracy"]) > 0.93
    assert (row["Rows"], row["Trained Rows"], row["Classes"]) == ("419", "336", "benign|malignant")


def test_an_output_that_cannot_be_written_fails_the_job(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x.csv", better_sample().to_csv())
    body: Wire = storage.training("x.csv")
    body["Outputs"]["output1"]["RelativeLocation"] = "no-such-container/model.ilearner"
    failed = front_door.ended(front_door.started(body))
    assert failed["StatusCode"] == "Failed"
    assert "container does not exist" in failed["Details"]


def test_examples_deleted_after_submit_fail_the_job(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.submitted(storage.training("x.csv"))
    storage.container.delete_blob("x.csv")
    front_door.bes("POST", f"/{job}/start")
    failed = front_door.ended(job)
    assert failed["StatusCode"] == "Failed"
    assert "The examples cannot be read" in failed["Details"]
