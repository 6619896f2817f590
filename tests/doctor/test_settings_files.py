"""Where the doctor has its settings from: files of two forms, the environment over them, references to Key Vault."""

import json
from pathlib import Path

import pytest

from functions.retraining.check import main
from functions.retraining.doctor.app_settings import examine_overrides, examine_references
from functions.retraining.doctor.authorities import BUNDLE, examine_authorities
from functions.retraining.doctor.finding import Outcome
from functions.retraining.doctor.report import Hidden, as_text
from tests.doctor.patient import Patient


@pytest.mark.parametrize(
    ("reference", "options"),
    [
        ("SecretUri=https://v.vault.azure.net/secrets/KEY/", "--id https://v.vault.azure.net/secrets/KEY/ "),
        ("VaultName=v; SecretName=KEY", "--vault-name v --name KEY "),
    ],
)
def test_the_advice_names_the_secret_and_survives_the_cutting_out_of_secrets(reference: str, options: str) -> None:
    values = {"TRAINING_API_KEY": f"@Microsoft.KeyVault({reference})"}

    lines = "\n".join(as_text(examine_references(frozenset(values), values, {}), Hidden(values)))

    assert f"`az keyvault secret show {options}--query value --output tsv`" in lines
    assert "***" not in lines


def test_a_setting_that_the_environment_changes_is_told_without_its_values() -> None:
    stored = {"SAME": "1", "OTHER": "of the file", "SECRET": "@Microsoft.KeyVault(SecretUri=https://v/)", "FILE": "1"}
    environment = {"SAME": "1", "OTHER": "of the shell", "SECRET": "given", "HOME": "/"}

    (finding,) = examine_overrides(stored, environment)

    assert (finding.subject, finding.outcome) == ("OTHER", Outcome.NOTICE)
    assert "of the" not in finding.found.replace("of the environment", "")


def test_authorities_that_are_not_here_are_the_environments_fault_only_if_it_names_them(tmp_path: Path) -> None:
    there, gone = tmp_path / "ca.pem", tmp_path / "gone.pem"
    there.touch()

    assert list(examine_authorities({}, {})) == []
    assert list(examine_authorities({BUNDLE: str(there)}, {BUNDLE: str(there)})) == []
    assert [each.outcome for each in examine_authorities({BUNDLE: str(gone)}, {BUNDLE: str(gone)})] == [Outcome.PROBLEM]
    assert [each.outcome for each in examine_authorities({BUNDLE: str(gone)}, {})] == [Outcome.NOTICE]


@pytest.mark.azurite
def test_the_services_are_still_asked_where_the_apps_authorities_are_not_here(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(BUNDLE)
    patient.settings[BUNDLE] = "/home/site/wwwroot/ca.pem"

    seen = patient.examined()

    assert [each["outcome"] for each in seen.of("settings", BUNDLE)] == ["notice"]
    assert "certificate is not trusted" in seen.the_problem()["found"]


@pytest.mark.azurite
def test_another_local_settings_file_will_do(patient: Patient) -> None:
    file = patient.folder / "another.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": patient.settings}), "utf-8")

    assert main([str(patient.definitions), "--deployed", "--settings", str(file)], {}) == 0
    assert "0 problems, " in patient.capture.readouterr().out
