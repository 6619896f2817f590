"""The host id: under which name this host finds its receipts, queue and timer states again after a restart.

The real host's rule for a local run is machine name plus a hash of the folder's path;
`AzureFunctionsWebHost__hostid` overrides it. Both go into a queue's name, hence the letters allowed.
"""

import hashlib
import re
import socket
from collections.abc import Mapping
from pathlib import Path

from devstack.trigger_host.errors import TriggerHostError

SETTING = "AzureFunctionsWebHost__hostid"
MAX_LENGTH = 32

_VALID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def host_id(settings: Mapping[str, str], root: Path) -> str:
    """Return the id given by setting, or the one derived from this machine and the app's folder.

    Raises TriggerHostError if the given one is not 1 to 32 lower-case letters, digits and single dashes.
    """
    given = settings.get(SETTING)
    if not given:
        return _derived(root)
    if len(given) > MAX_LENGTH or not _VALID.fullmatch(given):
        raise TriggerHostError(
            f"The setting {SETTING} is {given!r}; it must be 1 to {MAX_LENGTH} "
            "lower-case letters, digits and single dashes."
        )
    return given


def _derived(root: Path) -> str:
    machine = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower()).strip("-")[:16].strip("-")
    digest = hashlib.sha256(str(root.resolve()).encode()).hexdigest()
    return f"{machine or 'local'}-{digest[:12]}"
