"""azure.yaml and main.parameters.json: what azd reads before any Bicep."""

import json
import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from devstack.places import ROOT

from .azure_yaml import troubles
from .bicep import INFRA, templates
from .settings_rules import APP
from .wiring import MAIN

DOCUMENT = (ROOT / "azure.yaml").read_text("utf-8")
TEMPLATES = templates()
TAGS = TEMPLATES[APP].text
OF_AZD = {"AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE"}


def loaded(text: str) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(text))


def parameters() -> dict[str, object]:
    document = json.loads((INFRA / "main.parameters.json").read_text("utf-8"))
    return {name: each["value"] for name, each in document["parameters"].items()}


def test_azd_would_take_it() -> None:
    assert list(troubles(loaded(DOCUMENT), TAGS)) == []


def test_editors_find_the_schema() -> None:
    first = DOCUMENT.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=https://raw.githubusercontent.com/Azure/azure-dev/")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("name: relearner", "name: Relearner", "does not match"),
        ("requiredVersions:", "requiredVersion:", "unexpected"),
        ('azd: ">= 1.23.15"', 'azd: ">= 1.20"', "hooks in Python need"),
        ("  path: infra", "  path: bicep", "there is no bicep/main.bicep"),
        ("    host: function", "    host: functions", "'function' was expected"),
        ("    project: .\n", "", "'project' is a required property"),
        ("  relearner:", "  retrainer:", "azd-service-name"),
        ("  postdeploy:", "  afterdeploy:", "do not match any of the regexes|does not match any"),
        ("run: infra/hooks/postdeploy.py", "run: infra/hooks/postdeploy.sh", "there is no infra/hooks/postdeploy.sh"),
        ("kind: python", "kind: py", "is not one of"),
    ],
)
def test_a_planted_fault_is_noticed(right: str, wrong: str, told: str) -> None:
    assert right in DOCUMENT
    found = list(troubles(loaded(DOCUMENT.replace(right, wrong)), TAGS))
    assert any(re.search(told, each) for each in found), found


def test_the_parameters_file_has_each_parameter_of_main_and_no_other() -> None:
    assert set(parameters()) == set(TEMPLATES[MAIN].parameters)


def test_each_value_of_the_parameters_file_is_azds_or_the_default_of_main() -> None:
    for name, value in parameters().items():
        parameter = TEMPLATES[MAIN].parameters[name]
        variable = re.fullmatch(r"\$\{(?P<name>[A-Z_]+)(=(?P<default>\w+))?\}", str(value))
        if variable is None:
            assert value == parameter["default"], name
        elif variable["default"]:
            assert variable["default"] == str(parameter["default"]).replace("False", "false"), name
        else:
            assert variable["name"] in OF_AZD or not parameter["default"], name


def test_no_secret_has_a_value_in_the_parameters_file() -> None:
    secure = {name for name, each in TEMPLATES[MAIN].parameters.items() if {"type": "secure"} in each["decorators"]}
    assert {name: value for name, value in parameters().items() if name in secure} == {
        "trainingApiKey": "${TRAINING_API_KEY}",
        "scoringApiKey": "${SCORING_API_KEY}",
        "furtherSecrets": {},
    }


def test_each_module_is_in_the_deployment_document() -> None:
    document = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    own = {name for name in TEMPLATES if "/" not in name}
    assert [name for name in own if f"`{name}`" not in document and name != MAIN] == []


def test_each_parameter_is_in_the_table_of_the_deployment_document() -> None:
    document = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    assert set(re.findall(r"(?m)^\| `(\w+)` \|", document)) == set(TEMPLATES[MAIN].parameters)
