"""An `.ilearner` runs no code when it is read, and says what it is."""

import io
import json
import pickle
import zipfile
from pathlib import Path

import pytest
from skops import io as skops_io

from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.ilearner import FORMAT, TrainedModel
from devstack.studio.training.learner import train
from devstack.studio.training.sources import examples_in_text

TEXT = "a,b\n1,x\n2,y\n1,x\n2,y\n"


@pytest.fixture(scope="module")
def content() -> bytes:
    return train(examples_in_text(TEXT, "x.csv")).to_bytes()


def _tampered(content: bytes, old: str, new: str) -> bytes:
    tampered = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(tampered, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            if entry == "schema.json":
                text = data.decode()
                assert old in text
                data = text.replace(old, new).encode()
            target.writestr(entry, data)
    return tampered.getvalue()


class _Bomb:
    def __init__(self, touched: Path) -> None:
        self._touched = touched

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self._touched,)


def test_a_model_survives_writing_and_reading(content: bytes) -> None:
    model = TrainedModel.from_bytes(content)
    assert (model.label, model.classes, model.rows, model.evaluated_on) == ("b", ("x", "y"), 4, "training rows")
    assert [label for label, _ in model.score([{"a": "1"}, {"a": "2"}])] == ["x", "y"]


def test_training_twice_gives_the_same_model() -> None:
    first, second = (train(examples_in_text(TEXT, "x.csv")) for _ in range(2))
    assert first.score([{"a": "1.4"}]) == second.score([{"a": "1.4"}])


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    with pytest.raises(TrainingFault, match=r"no \.ilearner"):
        TrainedModel.from_bytes(pickle.dumps(_Bomb(touched)))
    assert not touched.exists()


def test_a_type_that_is_not_on_the_list_is_refused(content: bytes) -> None:
    tampered = _tampered(content, '"SGDClassifier"', '"Popen"')
    with pytest.raises(TrainingFault, match="Popen"):
        TrainedModel.from_bytes(tampered)


def test_a_pickled_model_inside_the_file_is_refused(content: bytes, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        schema = json.loads(source.read("schema.json"))
        arrays = [name for name in source.namelist() if name.endswith(".npy")]
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as target:
        target.writestr("schema.json", json.dumps(schema))
        for name in arrays:
            target.writestr(name, pickle.dumps(_Bomb(touched)))
    with pytest.raises(TrainingFault, match="damaged"):
        TrainedModel.from_bytes(damaged.getvalue())
    assert not touched.exists()


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"format": FORMAT, "schema": 2, "model": {}}, "schema 2; schema 1 is known"),
        ({"format": FORMAT, "schema": 1, "model": {}}, "damaged"),
        ({"format": FORMAT, "schema": 1}, "damaged"),
        ({"schema": 1}, "does not say so"),
        ([1, 2], "does not say so"),
    ],
)
def test_a_document_of_another_schema_or_kind_is_refused(document: object, reason: str) -> None:
    with pytest.raises(TrainingFault, match=reason):
        TrainedModel.from_bytes(skops_io.dumps(document))


@pytest.mark.parametrize("damaged", [b"", b"not a zip", b"PK\x03\x04 half a zip"])
def test_anything_else_is_refused(damaged: bytes) -> None:
    with pytest.raises(TrainingFault, match=r"\.ilearner"):
        TrainedModel.from_bytes(damaged)


def test_a_scored_row_needs_every_column_and_numbers_where_they_belong(content: bytes) -> None:
    model = TrainedModel.from_bytes(content)
    with pytest.raises(TrainingFault, match="missing columns: a"):
        model.score([{"b": "1"}])
    with pytest.raises(TrainingFault, match="'tiny' is not a number"):
        model.score([{"a": "tiny"}])
