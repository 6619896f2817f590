"""The app settings of an app that was deployed with the defaults, as the app would find them in its environment."""

import re
from collections.abc import Mapping
from typing import Any

from .bicep import Template
from .settings_rules import APP
from .wiring import MAIN

ACCOUNT = "sttrain4example"
SUFFIX = "core.windows.net"
GIVEN = {
    "trainingMlEndpoint": "https://ussouthcentral.services.azureml.net/workspaces/1/services/2/jobs",
    "scoringMlEndpoint": "https://ussouthcentral.services.azureml.net/workspaces/1/services/3/jobs",
    "scoringUpdateResourceEndpoint": "https://management.azureml.net/workspaces/1/webservices/4/endpoints/endpoint2",
}
"""What azd asks for."""

SECRETS = {"TRAINING_API_KEY": "made up", "SCORING_API_KEY": "made up too"}


def settings(templates: Mapping[str, Template]) -> dict[str, str]:
    """All but how the training storage is opened."""
    own = {name: _value(value, templates) for name, value in templates[APP].variables["ownSettings"].items()}
    definitions = {name: GIVEN[value] for name, value in templates[MAIN].variables["definitionSettings"].items()}
    return own | definitions | SECRETS


def by_connection_string(templates: Mapping[str, Template]) -> dict[str, str]:
    """The storage settings of the one form: the secret that keyVault.bicep makes."""
    (text,) = re.findall(r"value: '(DefaultEndpoints[^\n]*)'", templates["keyVault.bicep"].text)
    text = text.replace("${trainingStorageName}", ACCOUNT).replace("${environment().suffixes.storage}", SUFFIX)
    return {"TrainingStorage": re.sub(r"\$\{.*?\}", "bWFkZSB1cA==", text)}


def by_identity() -> dict[str, str]:
    """The storage settings of the other."""
    return {"TrainingStorage__blobServiceUri": f"https://{ACCOUNT}.blob.{SUFFIX}/"}


def _value(value: Any, templates: Mapping[str, Template]) -> str:  # noqa: ANN401 - a syntax tree
    """What a value of functionApp.bicep is with main's defaults."""
    main = templates[MAIN]
    if isinstance(value, Mapping) and "operator" in value:
        return _default(main.variables["containers"][value["operator"]["operands"]["operand_2"]], main)
    if isinstance(value, Mapping):
        return _of_function(value["function"], main)
    return _default(value, main)


def _of_function(function: Mapping[str, Any], main: Template) -> str:
    """join(allowedServiceHosts, ',') and string(modelLinkDays): the two that the settings have."""
    if function["type"] == "join":
        return ",".join(_filled(host) for host in main.variables["serviceHosts"])
    assert function["type"] == "string", function
    return _default(next(iter(function["parameters"].values())), main)


def _default(name: str, main: Template) -> str:
    """The default of the parameter, or the value of the variable, of that name; else the text itself."""
    parameter = main.parameters.get(name, {}).get("default")
    return str(main.variables.get(name, name) if parameter is None else parameter)


def _filled(host: str) -> str:
    host = host.replace("${names.trainingStorage}${resourceToken}", ACCOUNT)
    return host.replace("${environment().suffixes.storage}", SUFFIX)
