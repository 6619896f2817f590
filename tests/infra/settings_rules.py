"""The app settings that Bicep makes, beside those that the documents and the code ask for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devstack.places import ROOT

from .bicep import Template
from .wiring import MAIN

APP = "functionApp.bicep"

OF_THE_HOST = {
    # learn.microsoft.com, App settings reference for Azure Functions; its developer guide, identity-based connections.
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__queueServiceUri",
    "AzureWebJobsStorage__tableServiceUri",
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__clientId",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    # The rest of the trigger's identity connection: docs/settings.md, Storage by identity.
    "TrainingStorage__queueServiceUri",
    "TrainingStorage__credential",
    # azure-identity: docs/settings.md, Azure Resource Manager.
    "AZURE_CLIENT_ID",
}

NOT_ON_FLEX = {
    # learn.microsoft.com, Flex Consumption plan deprecations (azure-functions-doctor has the list too); time zones:
    # Timer trigger for Azure Functions.
    "ENABLE_ORYX_BUILD",
    "FUNCTIONS_EXTENSION_VERSION",
    "FUNCTIONS_WORKER_PROCESS_COUNT",
    "FUNCTIONS_WORKER_RUNTIME",
    "FUNCTIONS_WORKER_RUNTIME_VERSION",
    "SCM_DO_BUILD_DURING_DEPLOYMENT",
    "TZ",
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE",
    "WEBSITE_RUN_FROM_PACKAGE",
    "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
    "WEBSITE_TIME_ZONE",
    "WEBSITE_VNET_ROUTE_ALL",
}

SECRET_WORDS = re.compile(r"KEY|SECRET|PASSWORD|TOKEN|^TrainingStorage$")


def documented() -> dict[str, str]:
    """Setting -> default, of the tables of docs/settings.md."""
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    sections = ("The app's own", "Of the shipped definitions")
    rows = [
        row for title in sections for row in re.findall(r"(?m)^\| `(\w+)` \| `?([^|]*?)`? \|", _section(text, title))
    ]
    return dict(rows)


def plain(templates: Mapping[str, Template]) -> set[str]:
    """The settings whose values stand in the app's configuration, in either form of storage access."""
    app, main = templates[APP].variables, templates[MAIN].variables
    own = ("hostSettings", "ownSettings", "trainingStorageSettings")
    return {name for variable in own for name in app[variable]} | set(main["definitionSettings"])


def secret(templates: Mapping[str, Template]) -> set[str]:
    """The settings whose values are in the vault."""
    return set(_texts(templates[MAIN].variables["secretNames"]))


def troubles(templates: Mapping[str, Template]) -> Iterator[str]:
    """Settings that are missing, that nobody reads, that Flex Consumption refuses, or that lie open."""
    known, made, hidden = documented(), plain(templates), secret(templates)
    needed = {name for name, default in known.items() if default == "needed"}
    yield from (f"{name} is needed and not set" for name in sorted(needed - made - hidden))
    yield from (f"{name} is set and nobody reads it" for name in sorted((made | hidden) - set(known) - OF_THE_HOST))
    yield from (f"{name} is not for Flex Consumption" for name in sorted((made | hidden) & NOT_ON_FLEX))
    yield from (f"{name} is a secret and not in the vault" for name in sorted(made) if SECRET_WORDS.search(name))
    yield from (f"{name} has no identity" for name in sorted(_without_identity(made)))


def stored_secrets(templates: Mapping[str, Template]) -> set[str]:
    """The settings whose secrets the vault module makes from main's parameters, and the connection string."""
    passed = re.search(r"secrets: union\(furtherSecrets, \{(.*)\}\)", templates[MAIN].text)
    assert passed
    kept = re.findall(r"name: '(\w+)'\n  properties: \{\n    value: 'Default", templates["keyVault.bicep"].text)
    return {*re.findall(r"(\w+):", passed[1]), *kept}


def outputs_for_azd(templates: Mapping[str, Template]) -> set[str]:
    """What main gives to azd's environment."""
    return set(templates[MAIN].outputs)


def _without_identity(made: set[str]) -> Iterator[str]:
    """Identity-based connections (those with a service's address) that lack a part."""
    connections = {name.partition("__")[0] for name in made if name.endswith("ServiceUri")}
    parts = ("blobServiceUri", "queueServiceUri", "credential", "clientId")
    return (f"{each}__{part}" for each in connections for part in parts if f"{each}__{part}" not in made)


def _section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - a syntax tree
    """Every text of the lists in an expression."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, str))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
