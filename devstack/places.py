"""Where the local stack keeps its files: in the repository, or elsewhere by the environment."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of function_app.py."""

FOLDER_VARIABLE = "DEVSTACK_FOLDER"
"""Names another folder for everything that `up` writes: for tests, and for a second stack beside the first."""


def stack_folder() -> Path:
    """Storage, studio and trigger host keep their state here; `.devstack` unless the environment says otherwise."""
    return _elsewhere() or ROOT / ".devstack"


def settings_file() -> Path:
    """The local.settings.json of the running stack: beside function_app.py, where `func start` reads it."""
    return (_elsewhere() or ROOT) / "local.settings.json"


def _elsewhere() -> Path | None:
    folder = os.environ.get(FOLDER_VARIABLE)
    return Path(folder).resolve() if folder else None
