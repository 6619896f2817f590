"""Whatever the documents hold: no exception, faults that name a document, and no secret in them."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.retraining.adf import Factory, load
from functions.retraining.adf.words import describe

from .factories import EXAMPLES, MODEL, PIPELINE, documents

PARSED = {kind: {file: json.loads(text) for file, text in documents(kind).items()} for kind in ("classic", "arm", "v2")}


def _rich() -> dict[str, Any]:
    """The article's factory with everything that it has not: holes, functions, several of everything."""
    parsed = copy.deepcopy(PARSED["classic"])
    day = {
        "name": "Day",
        "value": {"type": "DateTime", "date": "Date.AddDays(SliceStart, -1)", "format": "yyyyMMddHHmmss"},
    }
    inside = parsed[MODEL]["properties"]["typeProperties"]
    inside |= {"folderPath": "trainingoutput/{Day}", "partitionedBy": [day]}
    parsed[EXAMPLES]["properties"]["policy"]["validation"] = {"minimumSizeMB": 1, "minimumRows": 2}
    properties = parsed[PIPELINE]["properties"]
    training, update = properties["activities"]
    training["typeProperties"]["globalParameters"] = {"a": "$$Text.Format('{0:yyyy}', SliceStart)", "b": 2}
    training["policy"] |= {"longRetry": 2, "longRetryInterval": "00:10:00", "delay": "00:01:00"}
    properties |= {"supersedeOlderExamples": True, "isPaused": True}
    properties["activities"].append(update | {"name": "second", "dependsOn": [{"activity": training["name"]}]})
    by_path = {"filePath": "abc/b.csv", "linkedServiceName": {"referenceName": "StorageLinkedService"}}
    other = copy.deepcopy(training) | {"name": "other"}
    other["typeProperties"] |= {"webServiceOutputs": {"output1": by_path | {"filePath": "trainingoutput/b.ilearner"}}}
    other["typeProperties"]["webServiceInputs"] = {
        "one": other["typeProperties"].pop("webServiceInput"),
        "two": by_path,
    }
    paths = {
        "trainedModelFilePath": "trainingoutput/b.ilearner",
        "trainedModelLinkedServiceName": "StorageLinkedService",
    }
    third = update | {"name": "third", "inputs": [], "typeProperties": {"trainedModelName": "m", **paths}}
    properties["activities"] += [other, third]
    return parsed


PARSED["rich"] = _rich()
SECRETS = (
    "endpoint2Key",
    "myKey",
    "AccountKey=key",
    "sooooooooooh3W",
    "zWa0000000000Tp6",
    "scoringKey",
    "trainingSecret",
)
WORDS = st.sampled_from(
    [
        "trainingData",
        "AzureML",
        "$$Text.Format('x')",
        "$$Text.Format('{0:yyyy}{1:d}', SliceStart, Date.AddDays(WindowEnd, 1))",
        "$$Date.AddYears(SliceStart, 999999)",
        "labeledexamples/{Year}",
        "https://account.blob.core.windows.net/?sv=1&sig=2",
        "Expression",
        "SecureString",
        "Inactive",
        "@pipeline()",
        "%NOT_SET%",
        "%20",
        "24:00:00",
        "{a}",
        "a.csv",
        "https://h/jobs",
        "",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | WORDS, inner, max_size=3)
)


def test_the_rich_factory_is_a_good_one() -> None:
    factory = load({file: json.dumps(value) for file, value in PARSED["rich"].items()}, {})
    assert factory.faults == ()
    assert [len(pipeline.update_resources) for pipeline in factory.pipelines] == [2, 1]


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:  # noqa: ANN401 -- JSON
    if not isinstance(value, dict | list):
        return [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(place for step, inner in steps for place in _places(inner, (*path, step)))]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, str]:
    parsed: Any = copy.deepcopy(PARSED[draw(st.sampled_from(sorted(PARSED)))])
    for _ in range(draw(st.integers(1, 4))):
        *steps, last = draw(st.sampled_from([place for place in _places(parsed) if len(place) > 1]))
        target = parsed
        for step in steps:
            target = target[step]
        if draw(st.booleans()):
            target[last] = draw(VALUES)
        else:
            del target[last]
    return {file: json.dumps(value) for file, value in parsed.items()}


def _keeps_its_word(factory: Factory, texts: dict[str, str]) -> None:
    assert all(fault.where.startswith((*texts, "pipeline/")) for fault in factory.faults)
    said = " ".join(str(finding) for finding in (*factory.faults, *factory.notices))
    said += " ".join(line for pipeline in factory.pipelines for line in describe(pipeline))
    assert not [secret for secret in SECRETS if secret in said]
    assert factory.faults or factory.pipelines


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=300)
@given(mutated())
def test_any_change_to_the_documents_gives_faults_or_pipelines_and_never_raises(texts: dict[str, str]) -> None:
    _keeps_its_word(load(texts, {"TRAINING_KEY": "trainingSecret"}), texts)


@settings(deadline=None)
@given(st.data())
def test_any_damage_to_a_documents_text_gives_faults_or_pipelines_and_never_raises(data: st.DataObject) -> None:
    texts = documents()
    file = data.draw(st.sampled_from(sorted(texts)))
    start = data.draw(st.integers(0, len(texts[file])))
    end = data.draw(st.integers(start, len(texts[file])))
    texts[file] = texts[file][:start] + data.draw(st.text(max_size=10)) + texts[file][end:]
    _keeps_its_word(load(texts, {}), texts)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(["pipeline/p.json", "dataset/d.json"]), st.text(), max_size=4
    )
)
def test_any_documents_at_all_give_faults(texts: dict[str, str]) -> None:
    assert load(texts, {}).faults


@settings(deadline=None)
@given(mutated(), st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(texts: dict[str, str], random: Any) -> None:  # noqa: ANN401 -- hypothesis names no type
    shuffled = list(texts.items())
    random.shuffle(shuffled)
    assert load(dict(shuffled), {}) == load(texts, {})
