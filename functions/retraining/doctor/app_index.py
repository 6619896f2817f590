"""What the app indexes: its functions and their bindings, as the host's worker would be told."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

_SCRIPT = """
import json
from function_app import app
for function in app.get_functions():
    bindings = json.loads(function.get_function_json())["bindings"]
    print(json.dumps({"name": function.get_function_name(), "bindings": bindings}))
"""
_SECONDS = 60
_READ_AT_INDEXING = "BLOB_TRIGGER_SOURCE"


class IndexedFunction(msgspec.Struct, frozen=True):
    """One function and its bindings, unresolved: `%SETTING%` stands in them as it was written."""

    name: str
    bindings: list[dict[str, Any]]

    @property
    def trigger(self) -> dict[str, Any]:
        """The binding that starts it; empty if it has none."""
        return next((each for each in self.bindings if str(each.get("type", "")).endswith("Trigger")), {})


class IndexingError(RuntimeError):
    """The app cannot be loaded, or has no functions: the host would find none. Says why: its traceback's last line."""


def index_app(root: Path, values: Mapping[str, str]) -> tuple[IndexedFunction, ...]:
    """Load function_app.py in a process of its own, with the one setting that it reads. Raises IndexingError."""
    loaded = _loaded(root, values.get(_READ_AT_INDEXING))
    if loaded.returncode:
        raise IndexingError((loaded.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    functions = tuple(msgspec.json.decode(line, type=IndexedFunction) for line in loaded.stdout.splitlines())
    if not functions:
        message = "function_app.py declares no function"
        raise IndexingError(message)
    return functions


def _loaded(root: Path, source: str | None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != _READ_AT_INDEXING}
    try:
        return subprocess.run(  # noqa: S603 - this interpreter, and the script from above
            [sys.executable, "-c", _SCRIPT],
            cwd=root,
            env=environment | ({_READ_AT_INDEXING: source} if source else {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        message = f"function_app.py was not loaded within {_SECONDS} seconds"
        raise IndexingError(message) from error
