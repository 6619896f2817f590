"""An app with nothing wrong: everything is looked at, nothing is left behind, and the exit code is 0."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from devstack.places import ROOT
from tests.doctor.patient import Patient
from tests.e2e.definitions import arm_linked_service

pytestmark = pytest.mark.azurite


def test_everything_is_looked_at_and_found_well(patient: Patient) -> None:
    seen = patient.examined()

    assert (seen.code, seen.problems) == (0, [])
    areas = {each["area"] for each in seen.findings}
    assert areas == {"settings", "definitions", "bindings", "storage", "state", "queues", "services"}
    assert {"start_retraining", "poll_runs", "update_scoring", "sweep_examples"} <= {
        each["subject"] for each in seen.of("bindings")
    }


def test_the_probe_document_is_deleted_and_the_watched_containers_are_not_written_to(patient: Patient) -> None:
    patient.examined()

    assert patient.left_behind() == []
    for container in (patient.containers.examples, patient.containers.models, patient.containers.archive):
        assert list(patient.storage.get_container_client(container).list_blob_names()) == []


def test_the_services_are_only_read(patient: Patient) -> None:
    patient.studio.clear_requests()
    patient.examined()

    assert {seen.method for seen in patient.studio.requests} <= {"GET", "HEAD"}


def test_a_service_of_the_resource_manager_kind_is_asked_with_a_token(patient: Patient) -> None:
    studio = patient.studio
    patient.change(
        "linkedService/updatableScoringEndpoint2.json",
        lambda read: read["properties"].update(typeProperties=arm_linked_service(studio)),
    )

    seen = patient.examined()

    assert seen.problems == []
    assert "serves" in seen.of("services", "scoring")[0]["found"]


def test_the_lines_say_the_same_and_count(patient: Patient) -> None:
    seen = patient.told()

    assert seen.code == 0
    assert "storage\n  ok       examples-" in seen.text
    assert seen.text.splitlines()[-1].startswith("0 problems, ")


def test_as_a_user_would_call_it(patient: Patient) -> None:
    ran = _run("--deployed", "--json", str(patient.definitions), environment=patient.settings)

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["problem"] == 0


def test_options_that_need_deployed_say_so() -> None:
    ran = _run("--json", environment={})

    assert ran.returncode == 2
    assert "--json goes with --deployed" in ran.stderr


def test_a_settings_file_that_is_none_is_named(patient: Patient) -> None:
    wrong = patient.folder / "wrong.json"
    wrong.write_text('{"TrainingStorage": 1}', "utf-8")

    for file, why in ((wrong, "appsettings list"), (patient.folder / "nowhere.json", "cannot be read")):
        ran = _run("--deployed", "--settings", str(file), environment={})
        assert ran.returncode == 2
        assert str(file) in ran.stderr
        assert why in ran.stderr


def _run(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-m", "functions.retraining.check", *arguments],
        cwd=ROOT,
        env=kept | dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
