"""host.json against a strict schema, against its justification in docs/settings.md, and against what the app needs."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from devstack.places import ROOT
from devstack.trigger_host.host_json import read_host_json
from functions.retraining.transport import CONNECT_SECONDS, READ_SECONDS
from functions.retraining.workflows.turns import TIMER_BUDGET

FILE = ROOT / "host.json"
HOST: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
SCHEMA = json.loads((Path(__file__).parent / "host.schema.json").read_text("utf-8"))
SECTION = (ROOT / "docs/settings.md").read_text("utf-8").partition("\n## host.json\n")[2].partition("\n## ")[0]


type Where = tuple[str, ...]


def _leaves(node: Any, where: Where = ()) -> Iterator[tuple[Where, Any]]:  # noqa: ANN401 - JSON is anything
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*where, key))
    else:
        yield where, node


LEAVES = dict(_leaves(HOST))
NODES = sorted({where[: depth + 1] for where in LEAVES for depth in range(len(where))})


def _faults(document: Any) -> list[str]:  # noqa: ANN401 - JSON is anything
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]


def _changed(where: Where) -> tuple[dict[str, Any], dict[str, Any]]:
    """A copy, and the object in it that has the last of these keys."""
    document = copy.deepcopy(HOST)
    node = document
    for key in where[:-1]:
        node = node[key]
    return document, node


def test_it_fits_the_schema_and_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert _faults(HOST) == []


@pytest.mark.parametrize("where", NODES, ids=".".join)
def test_a_typo_in_any_name_fails(where: Where) -> None:
    document, node = _changed(where)
    node[f"{where[-1]}s"] = node.pop(where[-1])
    assert _faults(document)


@pytest.mark.parametrize("where", LEAVES, ids=".".join)
def test_a_value_of_another_kind_fails(where: Where) -> None:
    document, node = _changed(where)
    node[where[-1]] = [node[where[-1]]]
    assert _faults(document)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("functionTimeout",), "5 minutes"),
        (("functionTimeout",), "-1"),
        (("functionTimeout",), "00:11:00"),
        (("logging", "logLevel", "default"), "information"),
        (("logging", "applicationInsights", "samplingSettings", "excludedTypes"), "Request, Exception"),
        (("extensions", "blobs", "maxDegreeOfParallelism"), 0),
        (("extensions", "queues", "batchSize"), 33),
        (("extensions", "queues", "visibilityTimeout"), "10 minutes"),
        (("extensionBundle", "version"), "[3.*, 4.0.0)"),
    ],
)
def test_a_value_that_the_host_would_misread_fails(where: Where, value: object) -> None:
    document, node = _changed(where)
    node[where[-1]] = value
    assert _faults(document)


def test_every_line_is_justified_in_the_documentation_and_no_other() -> None:
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in SECTION.splitlines()]
    told = {tuple(json.loads(f'"{row[0].strip("`")}"').split("/")): row for row in rows if row and row[0][:1] == "`"}

    assert set(told) == set(LEAVES)
    for where, value in LEAVES.items():
        assert told[where][1].strip("`") == (value if isinstance(value, str) else json.dumps(value)), where
        assert len(told[where][2]) > 30, where


def test_failures_and_the_journals_lines_are_never_sampled_nor_filtered() -> None:
    sampling = HOST["logging"]["applicationInsights"]["samplingSettings"]
    assert {"Exception", "Trace", "Request"} <= set(sampling["excludedTypes"].split(";"))
    assert HOST["logging"]["logLevel"]["Function"] == "Information"
    assert "Function." not in str(HOST["logging"]["logLevel"]), "a longer category would win over Function"


def test_a_tick_ends_within_the_timeout() -> None:
    """Its budget, then what was begun last: a run's calls, each with its own limits."""
    hours, minutes, seconds = map(int, HOST["functionTimeout"].split(":"))
    timeout = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    one_call = timedelta(seconds=CONNECT_SECONDS + READ_SECONDS)
    assert TIMER_BUDGET + 4 * one_call < timeout


def test_a_poison_message_is_tried_for_as_long_as_storage_keeps_it() -> None:
    queues = HOST["extensions"]["queues"]
    hours, minutes, seconds = map(int, queues["visibilityTimeout"].split(":"))
    wait = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert queues["maxDequeueCount"] * wait > timedelta(days=7)


def test_the_local_trigger_host_reads_the_same_limits() -> None:
    read = read_host_json(FILE)
    blobs = HOST["extensions"]["blobs"]
    assert read.max_degree_of_parallelism == blobs["maxDegreeOfParallelism"]
    assert read.poison_blob_threshold == blobs["poisonBlobThreshold"]
    assert read.queues.max_dequeue_count == HOST["extensions"]["queues"]["maxDequeueCount"]
