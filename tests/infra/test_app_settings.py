"""What Bicep sets is what the app reads: by name against the documents, by value against the app itself."""

import json
import re
import shutil
from pathlib import Path

import pytest

from devstack.places import ROOT
from functions.retraining.bootstrap import build
from functions.retraining.core.errors import ConfigurationError

from . import deployed
from .bicep import templates
from .settings_rules import APP, documented, outputs_for_azd, plain, secret, stored_secrets, troubles
from .wiring import MAIN

TEMPLATES = templates()

PLANTED = [
    (APP, "  SWEEP_SCHEDULE: sweepSchedule\n", "", "SWEEP_SCHEDULE is needed and not set"),
    (APP, "  ADF_FOLDER: adfFolder", "  ADF_FOLDERS: adfFolder", "ADF_FOLDERS is set and nobody reads it"),
    (
        APP,
        "  ADF_FOLDER: adf",
        "  WEBSITE_RUN_FROM_PACKAGE: adf",
        "WEBSITE_RUN_FROM_PACKAGE is not for Flex Consumption",
    ),
    (APP, "  AzureWebJobsStorage__clientId: identityClientId\n", "", "AzureWebJobsStorage__clientId has no identity"),
    (APP, "  TrainingStorage__queueServiceUri: trainingQueueEndpoint\n", "", "__queueServiceUri has no identity"),
    (MAIN, "  TRAINING_ML_ENDPOINT: t", "  SCORING_API_KEY: t", "SCORING_API_KEY is a secret and not in the vault"),
    (MAIN, "['TRAINING_API_KEY', 'SCORING_API_KEY']", "['TRAINING_API_KEY']", "SCORING_API_KEY is needed and not set"),
]


def test_each_setting_is_asked_for_and_each_one_asked_for_is_set() -> None:
    assert len(documented()) > 15
    assert list(troubles(TEMPLATES)) == []


@pytest.mark.parametrize(("file", "right", "wrong", "told"), PLANTED, ids=[told for *_, told in PLANTED])
def test_a_planted_fault_is_noticed(file: str, right: str, wrong: str, told: str) -> None:
    changed = TEMPLATES | {file: TEMPLATES[file].with_change(right, wrong)}
    assert any(told in each for each in troubles(changed))


def test_each_secret_setting_has_its_secret_in_the_vault_and_no_other() -> None:
    assert stored_secrets(TEMPLATES) == secret(TEMPLATES)
    assert secret(TEMPLATES) & plain(TEMPLATES) == set()


def test_the_app_starts_on_what_is_deployed_by_default() -> None:
    build(deployed.settings(TEMPLATES) | deployed.by_connection_string(TEMPLATES), ROOT)


def test_the_app_starts_on_storage_by_identity_with_a_linked_service_that_says_so(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "adf", tmp_path / "adf")
    linked_service = {
        "name": "StorageLinkedService",
        "properties": {
            "type": "AzureBlobStorage",
            "typeProperties": {"serviceEndpoint": "%TrainingStorage__blobServiceUri%"},
        },
    }
    (tmp_path / "adf/linkedService/StorageLinkedService.json").write_text(json.dumps(linked_service), "utf-8")
    build(deployed.settings(TEMPLATES) | deployed.by_identity(), tmp_path)


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (MAIN, "labeledExamplesContainer string = 'labeledexamples'", "labeledExamplesContainer string = 'examples'"),
        (MAIN, "trainedModelsContainer string = 'trainingoutput'", "trainedModelsContainer string = 'output'"),
        (MAIN, "  models: 'models'", "  models: 'trainingoutput'"),
        (MAIN, "  state: 'retraining'", "  state: 'Retraining'"),
        (MAIN, "  '*.services.azureml.net'\n", ""),
        (MAIN, "  'management.azureml.net'\n", ""),
        (MAIN, ".blob.${environment().suffixes.storage}'", ".file.${environment().suffixes.storage}'"),
        (MAIN, "modelLinkDays int = 365", "modelLinkDays int = 4000"),
    ],
)
def test_a_value_that_the_app_would_refuse_is_noticed(file: str, right: str, wrong: str) -> None:
    changed = TEMPLATES | {file: TEMPLATES[file].with_change(right, wrong)}
    values = deployed.settings(changed) | deployed.by_connection_string(changed)
    with pytest.raises(ConfigurationError):
        build(values, ROOT)


def test_the_defaults_that_bicep_repeats_are_the_apps_own() -> None:
    found = deployed.settings(TEMPLATES)
    repeated = {name: found[name] for name, default in documented().items() if default == found.get(name)}
    assert set(repeated) == {"ADF_FOLDER", "RETRAINING_STATE_CONTAINER", "MODEL_ARCHIVE_CONTAINER", "MODEL_LINK_DAYS"}


def test_each_output_for_azd_is_read_by_the_hook_or_is_a_doors_setting() -> None:
    hook = (ROOT / "infra/hooks/wire_events.py").read_text("utf-8")
    doors = "".join(path.read_text("utf-8") for path in (ROOT / "functions").glob("*.py"))
    read = set(re.findall(r'["%]([A-Z_]{5,})["%]', hook + doors))
    assert outputs_for_azd(TEMPLATES) - read == set()
