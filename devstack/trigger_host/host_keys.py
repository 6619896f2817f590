"""The keys that guard the HTTP routes: one for functions, one master key.

Given by the settings TRIGGER_HOST_FUNCTION_KEY and TRIGGER_HOST_MASTER_KEY, else made once per host id and kept in
the state folder.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devstack.trigger_host.errors import TriggerHostError

FUNCTION_KEY_SETTING = "TRIGGER_HOST_FUNCTION_KEY"
MASTER_KEY_SETTING = "TRIGGER_HOST_MASTER_KEY"


@dataclass(frozen=True)
class HostKeys:
    """The function key opens routes of level function; the master key opens everything."""

    function: str = field(repr=False)
    master: str = field(repr=False)

    def admit(self, auth_level: str, given: str) -> bool:
        """Whether a request with this key (empty: none) may pass at this level."""
        if auth_level == "anonymous":
            return True
        keys = (self.function, self.master) if auth_level == "function" else (self.master,)
        return any(secrets.compare_digest(key.encode(), given.encode()) for key in keys)


def load_keys(settings: Mapping[str, str], folder: Path, host_id: str) -> HostKeys:
    """Return the keys of this host id, made and written to `folder` if they are neither set nor there yet.

    Raises TriggerHostError naming the file if what is there cannot be read.
    """
    file = folder / f"keys-{host_id}.json"
    kept = _read(file) if file.exists() else _make(file)
    return HostKeys(
        function=settings.get(FUNCTION_KEY_SETTING) or kept.function,
        master=settings.get(MASTER_KEY_SETTING) or kept.master,
    )


def _read(file: Path) -> HostKeys:
    try:
        fields = json.loads(file.read_text("utf-8"))
        return HostKeys(function=fields["function"], master=fields["master"])
    except (ValueError, KeyError, TypeError) as error:
        raise TriggerHostError(f"{file} does not hold this host's keys. Delete it to have new ones made.") from error


def _make(file: Path) -> HostKeys:
    keys = HostKeys(function=secrets.token_urlsafe(32), master=secrets.token_urlsafe(32))
    write_private(file, json.dumps({"function": keys.function, "master": keys.master}))
    return keys


def write_private(file: Path, text: str) -> None:
    """Write a file at once (readers see all of it or none), readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    draft.replace(file)
