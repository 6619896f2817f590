"""The alerts and the workbook of infra/monitoring, as their files have them."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.infra.bicep import INFRA, Template, templates

FOLDER = INFRA / "monitoring"


@dataclass(frozen=True)
class Rule:
    """One alert: its query file is named by path, relative to the Bicep file."""

    name: str
    severity: int
    description: str
    query_file: str


def alerts_template() -> Template:
    return templates()["monitoring/alerts.bicep"]


@cache
def rules() -> dict[str, Rule]:
    """The alerts by name."""
    declared = alerts_template().variables["rules"]
    return {each["name"]: _rule(each) for each in declared}


def rule_body() -> dict[str, Any]:
    """The properties that every alert has."""
    (resource,) = alerts_template().made
    return dict(resource.body["properties"])


@cache
def workbook() -> dict[str, Any]:
    """The workbook's document."""
    document: dict[str, Any] = json.loads((FOLDER / "workbook.json").read_text("utf-8"))
    return document


def workbook_queries() -> dict[str, str]:
    """The texts of its queries, by the item's name."""
    return {item["name"]: item["content"]["query"] for item in workbook()["items"] if item["type"] == _QUERY}


_QUERY = 3
"""The type of a workbook item that shows a query's answer."""


def _rule(declared: dict[str, Any]) -> Rule:
    load = declared["query"]["function"]
    assert load["type"] == "load_text_content", declared
    return Rule(declared["name"], declared["severity"], declared["description"], load["parameters"]["file_path"])
