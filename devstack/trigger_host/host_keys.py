"""The keys that guard the HTTP side: one for functions, the master key, and the blob webhook's system key.

Given by settings, else made once per host id and kept in the state folder. The real host keeps them in the container
`azure-webjobs-secrets`.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devstack.trigger_host.errors import TriggerHostError

KEY_SETTINGS = {
    "function": "TRIGGER_HOST_FUNCTION_KEY",
    "master": "TRIGGER_HOST_MASTER_KEY",
    "blobs_extension": "TRIGGER_HOST_BLOBS_EXTENSION_KEY",
}


@dataclass(frozen=True)
class HostKeys:
    """The function key opens routes of level function, `blobs_extension` the blob webhook, the master key everything.

    That the master key opens the webhook too is an assumption.
    """

    function: str = field(repr=False)
    master: str = field(repr=False)
    blobs_extension: str = field(repr=False)

    def admit(self, auth_level: str, given: str) -> bool:
        """Whether a request with this key (empty: none) may pass at this level: anonymous, function, system, admin."""
        if auth_level == "anonymous":
            return True
        own = {"function": [self.function], "system": [self.blobs_extension]}.get(auth_level, [])
        return any(secrets.compare_digest(key.encode(), given.encode()) for key in (*own, self.master))


def load_keys(settings: Mapping[str, str], folder: Path, host_id: str) -> HostKeys:
    """Return the keys of this host id; what is neither set nor kept in `folder` is made and written there.

    Raises TriggerHostError naming the file if what is there cannot be read.
    """
    file = folder / f"keys-{host_id}.json"
    kept = _read(file) if file.exists() else {}
    whole = {name: kept.get(name) or secrets.token_urlsafe(32) for name in KEY_SETTINGS}
    if whole != kept:
        write_private(file, json.dumps(whole))
    return HostKeys(**{name: settings.get(setting) or whole[name] for name, setting in KEY_SETTINGS.items()})


def _read(file: Path) -> dict[str, str]:
    try:
        fields = json.loads(file.read_text("utf-8"))
        return {name: str(fields[name]) for name in KEY_SETTINGS if name in fields}
    except (ValueError, TypeError) as error:
        raise TriggerHostError(f"{file} does not hold this host's keys. Delete it to have new ones made.") from error


def write_private(file: Path, text: str) -> None:
    """Write a file at once (readers see all of it or none), readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    draft.replace(file)
