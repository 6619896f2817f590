"""Data Factory documents that somebody made hostile: faults that name file and path, in bounded time and memory."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from functions.retraining.adf import load
from functions.retraining.adf.words import describe
from tests.adf.factories import documents
from tests.adf.test_properties import SECRETS

from .mutation import changed, damaged

KINDS = ("classic", "arm", "v2")
SETTINGS = {"TRAINING_KEY": "trainingSecret", "AAA": "%BBB%", "BBB": "%AAA%"}


def factories() -> SearchStrategy[dict[str, str]]:
    """The article's factories with one document changed or damaged."""
    return st.sampled_from(KINDS).flatmap(lambda kind: _one_hostile(documents(kind)))


def _one_hostile(texts: Mapping[str, str]) -> SearchStrategy[dict[str, str]]:
    return st.sampled_from(sorted(texts)).flatmap(
        lambda file: (changed(texts[file].encode()) | damaged(texts[file].encode())).map(
            lambda content: {**texts, file: content.decode("utf-8", "surrogateescape")}
        )
    )


def check_factory(texts: Mapping[str, str]) -> None:
    """`load` never raises; each fault names a file and a JSON path; no secret is said; a path stays where it is."""
    factory = load(texts, SETTINGS)
    assert factory.faults or factory.pipelines
    for fault in factory.faults:
        assert fault.where == "pipeline/" or _names_a_place(fault.where, texts), fault.where
    said = " ".join(map(str, (*factory.faults, *factory.notices)))
    said += " ".join(line for pipeline in factory.pipelines for line in describe(pipeline))
    assert not [secret for secret in SECRETS if secret in said]
    if not factory.faults:
        for pipeline in factory.pipelines:
            for dataset in (*pipeline.batch_execution.inputs, *pipeline.batch_execution.web_service_outputs.values()):
                _stays_in_its_container(dataset.folder_path, dataset.file_name)


def _names_a_place(where: str, texts: Mapping[str, str]) -> bool:
    return any(where.startswith(f"{file} $") for file in texts)


def _stays_in_its_container(folder_path: str, file_name: str | None) -> None:
    path = f"{folder_path}/{file_name or ''}"
    assert not {".", ".."} & set(path.split("/")), path
    assert "\\" not in path, path
    assert path.isprintable(), ascii(path)


def _dataset(**inside: Any) -> str:  # noqa: ANN401 - any JSON
    properties = {"type": "AzureBlob", "linkedServiceName": "StorageLinkedService"}
    return json.dumps({"name": "x", "properties": {**properties, "typeProperties": {"folderPath": "abc", **inside}}})


def _partition(name: str, form: str = "yyyy") -> dict[str, Any]:
    return {"name": name, "value": {"type": "DateTime", "date": "SliceStart", "format": form}}


def _keys(count: int) -> str:
    return ",".join(f'"k{number}":0' for number in range(count))


def _circle(count: int) -> dict[str, str]:
    """Pipelines each of whose outputs is the next one's example."""
    pipeline = json.loads(documents()["pipeline/pipeline.json"])
    found = {}
    for number in range(count):
        text = json.dumps({**pipeline, "name": f"p{number}"})
        text = text.replace("trainingData", f"d{number}").replace("placeholderBlob", f"d{(number + 1) % count}")
        found[f"pipeline/p{number}.json"] = text
        found[f"dataset/d{number}.json"] = _dataset(fileName=f"{number}.csv").replace('"x"', f'"d{number}"')
    return found


def large() -> Mapping[str, dict[str, str]]:
    """Documents that are small to write and could be dear to read, by what they try."""
    file = "dataset/x.json"
    texts = {
        "10 MB of one text": f'"{"a" * 10_000_000}"',
        "10 MB of a container's name": _dataset(folderPath="a" * 10_000_000),
        "10 MB of brackets": "[" * 10_000_000,
        "10 MB of nested objects": '{"a":' * 2_000_000,
        "10 MB of zeros in a number": f'{{"name": 1{"0" * 10_000_000}}}',
        "10 MB of NUL": "\x00" * 10_000_000,
        "10 MB that are no UTF-8": "\udcff" * 10_000_000,
        "10 MB of unknown properties": f'{{"name": "x", "properties": {{{_keys(600_000)}}}}}',
        "100,000 properties, one of them twice": f'{{{_keys(100_000)},"k0":1}}',
        "30,000 partitions": _dataset(partitionedBy=[_partition(f"p{number}") for number in range(30_000)]),
        "100,000 holes in a path": _dataset(folderPath="abc/" + "{p}" * 100_000, partitionedBy=[_partition("p")]),
        "100,000 braces in a path": _dataset(folderPath="abc/" + "{" * 100_000),
        "a million settings in a text": _dataset(folderPath="%AAA%" * 1_000_000),
        "a date format of 1 MB": _dataset(partitionedBy=[_partition("p", "y" * 1_000_000)]),
        "a wildcard of 10,000 stars": _dataset(fileFilter="*a" * 10_000 + ".csv"),
    }
    found = {what: {**documents(), file: text} for what, text in texts.items()}
    found["a circle of 60 pipelines"] = {**documents(), **_circle(60)}
    return found


TAKEN: Mapping[str, str] = {
    "UTF-8 byte order mark": "\ufeff" + _dataset(fileName="a.csv"),
    "a number without end": _dataset(fileName="a.csv")[:-1] + ', "x": 1e400}',
    "settings that name each other": _dataset(fileName="%AAA%.csv"),
}
"""Documents with one trick each that changes nothing."""

REFUSED: Mapping[str, str] = {
    "UTF-16": _dataset(fileName="a.csv").encode("utf-16").decode("utf-8", "surrogateescape"),
    "half a surrogate pair": _dataset(fileName="\\ud800.csv").replace("\\\\", "\\"),
    "NUL in a name": _dataset(fileName="\\u0000.csv").replace("\\\\", "\\"),
    "a property twice": _dataset(fileName="a.csv").replace('"fileName"', '"fileName": "b.csv", "fileName"'),
    "a folder up": _dataset(folderPath="abc/../retraining"),
    "a folder up, in the name": _dataset(fileName="../../retraining/open/x.csv"),
    "a folder up, encoded": _dataset(folderPath="abc/%2e%2e/retraining"),
    "a backslash": _dataset(folderPath="abc\\..\\retraining"),
    "a container that is none": _dataset(folderPath="../retraining"),
    "a folder up, from a date": _dataset(folderPath="abc/{p}", partitionedBy=[_partition("p", "'..'")]),
    "a slash from a date": _dataset(folderPath="abc/{p}/{p}", partitionedBy=[_partition("p", "'/../'yyyy")]),
}
"""Documents with one trick each that is a fault in its own file."""
