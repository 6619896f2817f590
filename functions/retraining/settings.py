"""The app's settings, read from a mapping (the environment in the cloud), typed, all faults at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from .core.definitions import ConnectionStringAccess, IdentityAccess
from .core.errors import Fault
from .core.hosts import AllowedHosts, host_pattern
from .core.secret import Secret

TRAINING_STORAGE = "TrainingStorage"
"""The connection that the blob triggers use as well."""

ALLOWED_SERVICE_HOSTS = "ALLOWED_SERVICE_HOSTS"

BLOB_TRIGGER_SOURCES = ("LogsAndContainerScan", "EventGrid")

_DIGITS = 9
"""More than any setting needs, fewer than int() refuses to read."""

_CONTAINER = "3 to 63 lower-case letters, digits and single hyphens"


_BLOB_SERVICE = r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9]+)?"
"""Without TLS no token is sent. A path is the account's name, where its host is not."""


@dataclass(frozen=True)
class Settings:
    """What the app needs besides the definitions; docs/settings.md lists each one."""

    training_storage: ConnectionStringAccess | IdentityAccess
    identity_client_id: str | None
    labeled_examples_container: str
    trained_models_container: str
    poll_schedule: str
    sweep_schedule: str
    blob_trigger_source: str
    adf_folder: Path
    state_container: str
    models_container: str
    dead_letter_container: str
    model_link_life: timedelta
    run_lease: timedelta
    allowed_service_hosts: AllowedHosts


def read(values: Mapping[str, str], faults: list[Fault]) -> Settings:
    """The settings; everything missing or malformed is added to `faults`, and its place holds a default."""
    reader = _Reader(values, faults)
    return Settings(
        training_storage=reader.storage(TRAINING_STORAGE),
        identity_client_id=values.get(f"{TRAINING_STORAGE}__clientId") or None,
        labeled_examples_container=reader.needed_container(
            "LABELED_EXAMPLES_CONTAINER", "the watched container of labeled examples"
        ),
        trained_models_container=reader.needed_container(
            "TRAINED_MODELS_CONTAINER", "the watched container of .ilearner files"
        ),
        poll_schedule=reader.needed("POLL_SCHEDULE", "the timer's NCRONTAB schedule, such as 0 * * * * *"),
        sweep_schedule=reader.needed("SWEEP_SCHEDULE", "the sweep's NCRONTAB schedule, such as 0 */15 * * * *"),
        blob_trigger_source=reader.one_of("BLOB_TRIGGER_SOURCE", BLOB_TRIGGER_SOURCES),
        adf_folder=Path(values.get("ADF_FOLDER") or "adf"),
        state_container=reader.container("RETRAINING_STATE_CONTAINER", "retraining"),
        models_container=reader.container("MODEL_ARCHIVE_CONTAINER", "models"),
        dead_letter_container=reader.container_if_set("DEAD_LETTER_CONTAINER"),
        model_link_life=timedelta(days=reader.whole_number("MODEL_LINK_DAYS", 365, 1, 3650)),
        run_lease=timedelta(seconds=reader.whole_number("RUN_LEASE_SECONDS", 180, 1, 3600)),
        allowed_service_hosts=read_allowed_service_hosts(values, faults),
    )


def read_allowed_service_hosts(values: Mapping[str, str], faults: list[Fault]) -> AllowedHosts:
    """The hosts that may be sent secrets; every host where the setting is unset or blank. Faults as in `read`."""
    text = values.get(ALLOWED_SERVICE_HOSTS, "").strip()
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    wrong = [entry for entry in entries if host_pattern(entry) is None] or ([] if entries else [text])
    if text and wrong:
        expected = "host names, IP addresses or *.suffix of two labels or more, with commas between, are expected"
        faults.append(Fault(f"setting {ALLOWED_SERVICE_HOSTS}", f"holds {wrong[0][:80]!r}; {expected}"))
    return AllowedHosts(tuple(pattern for entry in entries if (pattern := host_pattern(entry))))


class _Reader:
    def __init__(self, values: Mapping[str, str], faults: list[Fault]) -> None:
        self._values = values
        self._faults = faults

    def storage(self, name: str) -> ConnectionStringAccess | IdentityAccess:
        """As the blob trigger reads its connection: a connection string wins over an address opened by identity."""
        address = self._values.get(f"{name}__blobServiceUri", "").strip().rstrip("/")
        if address and not self._values.get(name):
            if not re.fullmatch(_BLOB_SERVICE, address):
                self._fault(
                    f"{name}__blobServiceUri",
                    "is not a blob service's address, such as https://{account}.blob.core.windows.net",
                )
            return IdentityAccess(address)
        meaning = f"the training storage account's connection string (or {name}__blobServiceUri, opened by identity)"
        return ConnectionStringAccess(Secret(self.needed(name, meaning)))

    def needed(self, name: str, meaning: str) -> str:
        value = self._values.get(name, "").strip()
        if not value:
            self._fault(name, f"is not set; it is {meaning}")
        return value

    def needed_container(self, name: str, meaning: str) -> str:
        """As the trigger reads it: a blank around it would be watched with it, and nothing would ever be seen."""
        if not self.needed(name, meaning):
            return ""
        return self.container(name, "")

    def container(self, name: str, default: str) -> str:
        value = self._values.get(name) or default
        if not _is_container(value):
            self._fault(name, f"is {value[:80]!r}; a container name is {_CONTAINER}")
        return value

    def container_if_set(self, name: str) -> str:
        return self.container(name, "") if self._values.get(name) else ""

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._values.get(name) or choices[0]
        if value not in choices:
            self._fault(name, f"is {value!r}; expected {' or '.join(choices)}")
        return value

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        text = self._values.get(name) or str(default)
        is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
        if is_number and least <= int(text) <= most:
            return int(text)
        self._fault(name, f"is {text[:80]!r}; a whole number from {least} to {most} is expected")
        return default

    def _fault(self, name: str, problem: str) -> None:
        self._faults.append(Fault(f"setting {name}", problem))


def _is_container(name: str) -> bool:
    parts = name.split("-")
    return 3 <= len(name) <= 63 and all(part.isascii() and part.isalnum() and part == part.lower() for part in parts)
