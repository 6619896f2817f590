"""What accepted values mean: durations, settings, addresses, parameters, folders."""

from datetime import timedelta
from pathlib import Path

import pytest

from functions.retraining.adf import load, local_settings, read_folder
from functions.retraining.core.errors import ConfigurationError

from .factories import (
    EXAMPLES,
    PIPELINE,
    SCORING,
    STORAGE,
    TRAINING,
    documents,
    drop,
    faults_of,
    load_changed,
    put,
)

BATCH = "properties.activities.0"
INSIDE = "properties.typeProperties"
TIMEOUT = f"{PIPELINE} $.properties.activities[0].policy.timeout"


@pytest.mark.parametrize(
    ("text", "timeout"),
    [
        ("00:00:00", None),
        ("02:00:00", timedelta(hours=2)),
        ("1.00:00:00", timedelta(days=1)),
        ("00:00:01.5", timedelta(seconds=1.5)),
        ("23:59:59", timedelta(hours=23, minutes=59, seconds=59)),
        ("24:00:00", timedelta(days=24)),
        ("30:05:10", timedelta(days=30, hours=5, minutes=10)),
    ],
)
def test_a_duration_means_what_it_means_in_data_factory(text: str, timeout: timedelta | None) -> None:
    factory = load_changed(put(PIPELINE, f"{BATCH}.policy.timeout", text))
    assert factory.faults == ()
    assert factory.pipelines[0].batch_execution.policy.timeout == timeout
    days = [notice.problem for notice in factory.notices if notice.where == TIMEOUT]
    expected = [f"means {timeout.days} days, as in Data Factory v1; one day is 1.00:00:00"] if timeout else []
    assert days == (expected if timeout and timeout.days >= 24 else [])


def test_a_policy_that_is_not_there_has_data_factorys_defaults() -> None:
    policy = load_changed(drop(PIPELINE, f"{BATCH}.policy")).pipelines[0].batch_execution.policy
    assert (policy.timeout, policy.retry, policy.concurrency, policy.long_retry) == (None, 0, 1, 1)
    assert policy.execution_priority_order == "OldestFirst"


def test_what_the_copy_wizard_writes_for_no_second_round_is_accepted() -> None:
    factory = load_changed(put(PIPELINE, f"{BATCH}.policy.longRetry", 0))
    assert factory.faults == ()
    assert factory.pipelines[0].batch_execution.policy.long_retry == 1


@pytest.mark.parametrize(
    "address", ["https://host:8443/w/jobs", "https://host:8443/w/jobs/", "https://host:8443/w/jobs?api-version=2.0"]
)
def test_the_jobs_address_is_kept_without_query_or_slash(address: str) -> None:
    factory = load_changed(put(TRAINING, f"{INSIDE}.mlEndpoint", address))
    assert factory.faults == ()
    assert factory.pipelines[0].batch_execution.linked_service.ml_endpoint == "https://host:8443/w/jobs"


def test_global_parameters_become_text() -> None:
    parameters = {"text": "a b", "empty": "", "whole": 3, "part": 0.5, "yes": True, "set": "%THE_VALUE%"}
    change = put(PIPELINE, f"{BATCH}.typeProperties.globalParameters", parameters)
    texts = documents()
    factory = load_changed(change)
    assert faults_of(factory)[0][0].endswith(".globalParameters.set")
    texts[PIPELINE] = texts[PIPELINE].replace(
        '"webServiceInput":',
        '"globalParameters": {"whole": 3, "part": 0.5, "yes": true, "set": "%THE_VALUE%", "empty": ""}, '
        '"webServiceInput":',
    )
    (pipeline,) = load(texts, {"THE_VALUE": "%NOT_LOOKED_THROUGH%"}).pipelines
    assert pipeline.batch_execution.global_parameters == {
        "whole": "3",
        "part": "0.5",
        "yes": "true",
        "set": "%NOT_LOOKED_THROUGH%",
        "empty": "",
    }


def test_settings_may_be_part_of_a_value_and_percent_codes_are_left_alone() -> None:
    texts = documents()
    texts[TRAINING] = texts[TRAINING].replace(
        "xxx/services/--training experiment--", "%WORKSPACE%/services/a%20b%C3%A4"
    )
    factory = load(texts, {"WORKSPACE": "w1"})
    assert factory.faults == ()
    assert factory.settings_used == {"WORKSPACE"}
    endpoint = factory.pipelines[0].batch_execution.linked_service.ml_endpoint
    assert endpoint.endswith("/workspaces/w1/services/a%20b%C3%A4/jobs")


def test_examples_without_file_name_are_every_blob_below_the_folder() -> None:
    def change(parsed: dict[str, object]) -> None:
        drop(EXAMPLES, f"{INSIDE}.fileName")(parsed)
        put(EXAMPLES, f"{INSIDE}.folderPath", "labeledexamples/2016")(parsed)

    (pipeline,) = load_changed(change).pipelines
    (examples,) = pipeline.batch_execution.inputs
    assert examples.holds("labeledexamples", "2016/spring/a.csv")
    assert not examples.holds("labeledexamples", "2017/a.csv")


def test_a_port_by_name_is_kept_and_references_hold_in_other_letters() -> None:
    def change(parsed: dict[str, object]) -> None:
        drop(PIPELINE, f"{BATCH}.typeProperties.webServiceInput")(parsed)
        put(PIPELINE, f"{BATCH}.typeProperties.webServiceInputs", {"input1": "TrainingDATA"})(parsed)

    factory = load_changed(change)
    assert factory.faults == ()
    (pipeline,) = factory.pipelines
    assert pipeline.batch_execution.web_service_input is None
    assert pipeline.batch_execution.inputs == (pipeline.batch_execution.web_service_inputs["input1"],)


def test_a_paused_pipeline_is_read_as_paused() -> None:
    assert load_changed(put(PIPELINE, "properties.isPaused", value=True)).pipelines[0].is_paused


def test_what_nobody_knows_is_a_notice() -> None:
    factory = load_changed(put(PIPELINE, "properties.colour", "red"))
    assert factory.faults == ()
    said = {notice.where: notice.problem for notice in factory.notices}
    assert said[f"{PIPELINE} $.properties.colour"] == "unknown property, ignored"


def test_a_document_elsewhere_is_a_notice() -> None:
    factory = load(documents() | {"trigger/t.json": "{", "x.json": "{"}, {})
    assert factory.faults == ()
    assert {notice.where for notice in factory.notices} >= {"trigger/t.json", "x.json"}


def test_the_development_storage_is_a_storage_account() -> None:
    assert load_changed(put(STORAGE, f"{INSIDE}.connectionString", "UseDevelopmentStorage=true")).faults == ()


def test_a_missing_setting_does_not_hide_other_faults() -> None:
    def change(parsed: dict[str, object]) -> None:
        put(STORAGE, f"{INSIDE}.connectionString", "%THE_STORAGE%")(parsed)
        put(SCORING, f"{INSIDE}.mlEndpoint", "%THE_ENDPOINT%")(parsed)
        put(EXAMPLES, f"{INSIDE}.fileName", "a.xls")(parsed)
        drop(SCORING, f"{INSIDE}.updateResourceEndpoint")(parsed)

    places = {where for where, _ in faults_of(load_changed(change))}
    assert places == {
        f"{STORAGE} $.{INSIDE}.connectionString",
        f"{SCORING} $.{INSIDE}.mlEndpoint",
        f"{EXAMPLES} $.{INSIDE}.fileName",
        f"{PIPELINE} $.properties.activities[1].linkedServiceName",
    }


def test_bytes_that_are_not_utf8_are_a_fault_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline" / "a.json").write_bytes('{"name": "a"}'.encode("utf-16"))
    (tmp_path / "pipeline" / "b.json").write_text("{")
    first, second = faults_of(load(read_folder(tmp_path), {}))
    assert first == ("pipeline/a.json $", "is not UTF-8 (line 1, column 1); save the file as UTF-8")
    assert second[0] == "pipeline/b.json $"


def test_a_folder_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such folder; expected a folder with linkedService/"):
        read_folder(tmp_path / "nowhere")


def test_a_document_that_cannot_be_opened_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "x.json").symlink_to(tmp_path / "nothing")
    with pytest.raises(ConfigurationError, match=r"dataset/x\.json: cannot be read: No such file"):
        read_folder(tmp_path)


def test_files_come_in_the_same_order_and_only_json_is_read(tmp_path: Path) -> None:
    for file in ("pipeline/b.json", "pipeline/a.JSON", "dataset/c.json", "dataset/readme.md", ".git/x.json"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("{}")
    assert list(read_folder(tmp_path)) == ["dataset/c.json", "pipeline/a.JSON", "pipeline/b.json"]


def test_local_settings_are_read_and_what_is_wrong_with_them_is_told() -> None:
    values, faults = local_settings("local.settings.json", '{"IsEncrypted": false, "Values": {"A": "1", "B": 2}}')
    assert values == {"A": "1"}
    assert [str(fault) for fault in faults] == ["local.settings.json $.Values.B: expected text, found a number"]
    assert local_settings("f", '{"IsEncrypted": true, "Values": {"A": "1"}}')[0] == {}
