"""The alerts and the workbook: every query file is used, placed where it belongs, and asked as it is meant to be."""

import json
import re

import pytest

from tests.infra.bicep import templates
from tests.infra.kql.queries import analysed, queries
from tests.infra.monitoring import FOLDER, alerts_template, rule_body, rules, workbook, workbook_queries
from tests.support.event_schema import EVENTS

PLACEHOLDER = re.compile(r"<(\w+)>")
MINUTES = re.compile(r"PT(\d+)M")


def minutes(duration: str) -> int:
    match = MINUTES.fullmatch(duration)
    assert match, duration
    return int(match[1])


def test_each_alert_is_named_as_its_query_file() -> None:
    assert {rule.name: rule.query_file for rule in rules().values()} == {
        name: f"queries/{name}.kql" for name in rules()
    }


def test_every_query_file_is_an_alerts_or_the_workbooks() -> None:
    assert set(rules()) | set(workbook_queries()) == set(queries())
    assert not set(rules()) & set(workbook_queries())


@pytest.mark.parametrize("name", list(workbook_queries()))
def test_the_workbook_asks_what_the_file_says(name: str) -> None:
    assert workbook_queries()[name] == queries()[name]


@pytest.mark.parametrize("name", list(queries()))
def test_a_query_says_in_its_first_line_which_it_is(name: str) -> None:
    assert queries()[name].startswith("// Alert:" if name in rules() else "// Workbook:")


@pytest.mark.parametrize("name", list(rules()))
def test_an_alerts_rows_have_a_time_and_what_it_is_about(name: str) -> None:
    assert {"TimeGenerated", "what", "says"} <= set(analysed()[name].columns)
    (condition,) = rule_body()["criteria"]["allOf"]
    assert [dimension["name"] for dimension in condition["dimensions"]] == ["what"]


def test_an_alert_fires_when_its_query_has_a_row() -> None:
    (condition,) = rule_body()["criteria"]["allOf"]
    assert (condition["timeAggregation"], condition["operator"], condition["threshold"]) == ("Count", "GreaterThan", 0)


def test_the_heartbeats_alert_has_its_row_where_there_is_no_line_at_all() -> None:
    """A summary without groups has one row for an empty table too; what follows keeps it only when it counted none."""
    steps = [line for line in queries()["no-heartbeat"].splitlines() if line.startswith("| ")]
    assert steps[-3:-1] == ["| summarize heartbeats = count()", "| where heartbeats == 0"]


def test_each_line_is_seen_by_two_evaluations_because_the_log_is_late() -> None:
    properties = rule_body()
    assert minutes(properties["windowSize"]) == 2 * minutes(properties["evaluationFrequency"])
    assert properties["autoMitigate"] is True


def test_a_window_holds_two_sweeps_and_many_ticks_as_the_sample_settings_have_them() -> None:
    sample = json.loads((FOLDER.parents[1] / "local.settings.sample.json").read_text("utf-8"))["Values"]
    assert (sample["POLL_SCHEDULE"], sample["SWEEP_SCHEDULE"]) == ("0 * * * * *", "0 */15 * * * *")
    assert minutes(rule_body()["windowSize"]) >= 30


def test_severities_are_azures() -> None:
    assert all(rule.severity in range(1, 4) for rule in rules().values())


def test_an_alert_says_where_to_read_what_to_do() -> None:
    assert rule_body()["description"].endswith("What to do: docs/runbook.md, ${rule.name}.")


@pytest.mark.parametrize("name", list(queries()))
def test_every_placeholder_is_filled_in(name: str) -> None:
    used = set(PLACEHOLDER.findall(queries()[name]))
    template = "monitoring/alerts.bicep" if name in rules() else "monitoring/workbook.bicep"
    filled = {each for each in templates()[template].parameters if f"'<{each}>'" in templates()[template].text}
    assert used <= filled


def test_every_error_and_what_was_lost_wakes_somebody() -> None:
    """Every event that is only ever an error is in an alert; so is what says that events do not arrive."""
    errors = {name for name, event in EVENTS.items() if event["x-levels"] == ["error"]}
    alerted = {text for name in rules() for text in analysed()[name].texts}
    assert errors | {"dead_letters_found", "blob_unannounced", "runs_polled"} <= alerted


def test_the_workbook_is_one_that_azure_shows() -> None:
    assert workbook()["version"] == "Notebook/1.0"
    names = [item["name"] for item in workbook()["items"]]
    assert len(names) == len(set(names))
    parameters = {each["name"] for item in workbook()["items"] for each in item["content"].get("parameters", [])}
    shown = [item["content"] for item in workbook()["items"] if item["type"] == 3]
    assert {each["timeContextFromParameter"] for each in shown} == parameters == {"TimeRange"}
    assert {each["resourceType"] for each in shown} == {"microsoft.operationalinsights/workspaces"}
    assert all(each["title"] for each in shown)


def test_who_is_written_to_is_said_in_one_place() -> None:
    assert [name for name, each in templates().items() if "emailReceivers" in each.text] == [
        "monitoring/actionGroup.bicep"
    ]
    assert "actionGroupId" in alerts_template().parameters
