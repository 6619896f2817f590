"""What azd asks of azure.yaml.

Our own, smaller reading of Azure/azure-dev schemas/v1.0/azure.yaml.json, which is not part of any package: the rules
that concern a function app and its hooks. Stricter in one thing: unknown keys are a fault everywhere, where azd would
ignore some.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft201909Validator
from packaging.specifiers import SpecifierSet

from devstack.places import ROOT

FIRST_WITH_PYTHON_HOOKS = "1.23.15"

_HOOK = {
    "type": "object",
    "additionalProperties": False,
    "required": ["run"],
    "properties": {
        "run": {"type": "string"},
        "kind": {"enum": ["sh", "pwsh", "js", "ts", "python", "dotnet"]},
        "shell": {"enum": ["sh", "pwsh"]},
        "dir": {"type": "string"},
        "continueOnError": {"type": "boolean"},
        "interactive": {"type": "boolean"},
        "secrets": {"type": "object", "additionalProperties": {"type": "string"}},
        "config": {"type": "object"},
    },
}

_SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["host", "project"],
    "properties": {
        "project": {"type": "string"},
        "host": {"const": "function"},
        "language": {"enum": ["py", "python"]},
        "resourceName": {"type": "string"},
        "resourceGroup": {"type": "string"},
        "dist": {"type": "string"},
        "remoteBuild": {"type": "boolean"},
    },
}

_WHEN = "(pre|post)(build|deploy|down|package|provision|publish|restore|up)"

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
        "metadata": {"type": "object"},
        "requiredVersions": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"azd": {"type": "string"}},
        },
        "infra": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "provider": {"enum": ["bicep", "terraform"]},
                "path": {"type": "string"},
                "module": {"type": "string"},
            },
        },
        "services": {"type": "object", "minProperties": 1, "additionalProperties": _SERVICE},
        "hooks": {
            "type": "object",
            "patternProperties": {f"^{_WHEN}$": _HOOK},
            "additionalProperties": False,
        },
    },
}


def troubles(document: Mapping[str, Any], site_tags: str) -> Iterator[str]:
    """What azd would refuse, ignore or not find; `site_tags` is what the function app's tags say in Bicep."""
    yield from (each.message for each in Draft201909Validator(SCHEMA).iter_errors(document))
    yield from _missing_files(document)
    for name in document.get("services", {}):
        if f"'azd-service-name': '{name}'" not in site_tags:
            yield f"no resource has the tag azd-service-name with the value {name}: azd would find nothing to deploy to"
    wanted = document.get("requiredVersions", {}).get("azd", "")
    kinds = [hook.get("kind") for hook in document.get("hooks", {}).values()]
    if "python" in kinds and "1.23.14" in SpecifierSet(re.sub(r"\s", "", wanted)):
        yield f"azd {wanted or 'of any version'} is allowed; hooks in Python need {FIRST_WITH_PYTHON_HOOKS}"


def _missing_files(document: Mapping[str, Any]) -> Iterator[str]:
    infra = document.get("infra", {})
    folder, module = infra.get("path", "infra"), infra.get("module", "main")
    files = [f"{folder}/{module}.bicep", f"{folder}/{module}.parameters.json"]
    files += [hook.get("run", "") for hook in document.get("hooks", {}).values()]
    files += [f"{service.get('project')}/host.json" for service in document.get("services", {}).values()]
    return (f"there is no {file}" for file in files if not (ROOT / file).is_file())
