"""App settings for a running stack: the sample's, with this stack's addresses and keys."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devstack.places import ROOT
from devstack.studio import Studio

SAMPLE = ROOT / "local.settings.sample.json"
_LOCAL = ("UseDevelopmentStorage=true", "127.0.0.1", "localhost", "<")
"""What only an address on this machine, or one that was never filled in, has in it."""

_ADDRESSES = (
    "AzureWebJobsStorage",
    "TrainingStorage",
    "TRAINING_ML_ENDPOINT",
    "SCORING_ML_ENDPOINT",
    "SCORING_UPDATE_RESOURCE_ENDPOINT",
)


class SettingsInUseError(RuntimeError):
    """local.settings.json points at real storage or services: it is the user's and is not overwritten."""


def app_settings(connection_string: str, studio: Studio) -> dict[str, str]:
    """Every setting of the sample, filled in for this stack, and the certificate that its services are trusted by."""
    sample: dict[str, str] = json.loads(SAMPLE.read_text("utf-8"))["Values"]
    return sample | {
        "AzureWebJobsStorage": connection_string,
        "TrainingStorage": connection_string,
        "TRAINING_ML_ENDPOINT": studio.training_endpoint_url,
        "TRAINING_API_KEY": studio.training_api_key,
        "SCORING_ML_ENDPOINT": studio.scoring_endpoint_url,
        "SCORING_API_KEY": studio.scoring_api_key,
        "SCORING_UPDATE_RESOURCE_ENDPOINT": studio.update_resource_endpoint,
        "REQUESTS_CA_BUNDLE": str(studio.ca_bundle.resolve()),
    }


def write_local_settings(values: Mapping[str, str], target: Path) -> None:
    """Write local.settings.json, readable by its owner only, for `func start`.

    Raises SettingsInUseError as `refuse_real_storage` does.
    """
    refuse_real_storage(target)
    content: dict[str, Any] = {"IsEncrypted": False, "Values": dict(values)}
    target.touch(mode=0o600)
    target.chmod(0o600)
    target.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def refuse_real_storage(target: Path) -> None:
    """Raise SettingsInUseError if the file there points at anything that is not on this machine, or cannot be read."""
    if target.exists() and not _points_here(target):
        message = f"{target} points at real storage or services. Move it away first; it is not overwritten"
        raise SettingsInUseError(message)


def read_local_settings(target: Path) -> dict[str, str]:
    """The values that `make up` wrote. Raises FileNotFoundError if there are none."""
    values: dict[str, str] = json.loads(target.read_text("utf-8"))["Values"]
    return values


def _points_here(target: Path) -> bool:
    try:
        values = read_local_settings(target)
        addresses = [values[name] for name in _ADDRESSES if values.get(name)]
        return all(any(mark in address for mark in _LOCAL) for address in addresses)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
