"""Whatever the documents hold: no exception, faults that name a document, and no secret in them."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.retraining.adf import Factory, load
from functions.retraining.adf.words import describe

from .factories import documents

PARSED = {kind: {file: json.loads(text) for file, text in documents(kind).items()} for kind in ("classic", "arm")}
SECRETS = ("endpoint2Key", "myKey", "AccountKey=key", "sooooooooooh3W", "zWa0000000000Tp6")
WORDS = st.sampled_from(
    [
        "trainingData",
        "AzureML",
        "$$Text.Format('x')",
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
    _keeps_its_word(load(texts, {}), texts)


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
