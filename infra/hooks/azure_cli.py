"""Deploying a Bicep file with the Azure CLI."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .failures import HookError

DEPLOYMENT_SECONDS = 900

_CODE = re.compile(r"(?i)\b(code=)[^&\s\"']+")


class DeploymentFailed(HookError):
    """The deployment did not go through; the text is what the Azure CLI said, without keys."""


def deploy(template: Path, subscription: str, resource_group: str, parameters: Mapping[str, object]) -> None:
    """Deploy `template` into the resource group, incrementally, under the file's name.

    Raises HookError if the Azure CLI is not there or does not come back, DeploymentFailed if it reports an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "parameters.json"
        file.write_text(_document(parameters), "utf-8")
        _run(
            [
                *(_azure_cli(), "deployment", "group", "create"),
                *("--subscription", subscription),
                *("--resource-group", resource_group),
                *("--name", f"relearner-{template.stem}"),
                *("--template-file", str(template)),
                *("--parameters", f"@{file}"),
                *("--only-show-errors", "--output", "none"),
            ]
        )


def _azure_cli() -> str:
    found = shutil.which("az")
    if not found:
        raise HookError(
            "The Azure CLI (az) is not on the PATH; the event subscriptions are made with it. Install it "
            "(https://aka.ms/azure-cli), run az login, then azd deploy again."
        )
    return found


def _run(command: list[str]) -> None:
    try:
        ran = subprocess.run(  # noqa: S603 - az with a fixed list of arguments, no shell
            command, capture_output=True, text=True, check=False, timeout=DEPLOYMENT_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise HookError(
            f"The Azure CLI did not come back within {DEPLOYMENT_SECONDS} seconds. Look at the resource group's "
            "deployments in the portal, then run azd deploy again."
        ) from error
    if ran.returncode:
        raise DeploymentFailed(_CODE.sub(r"\1***", (ran.stderr or ran.stdout).strip()) or "az said nothing")


def _document(parameters: Mapping[str, object]) -> str:
    return json.dumps(
        {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
            "contentVersion": "1.0.0.0",
            "parameters": {name: {"value": value} for name, value in parameters.items()},
        }
    )
