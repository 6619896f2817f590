"""`check --deployed`: the examination from the command line's words to its lines and exit code."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from functions.retraining.adf import local_settings
from functions.retraining.core.errors import Fault

from .app_settings import SETTINGS, app_settings_list, examine_overrides
from .authorities import BUNDLE, examine_authorities
from .examination import Subject, examine
from .finding import Finding, Outcome
from .report import Hidden, as_json, as_text
from .subscription_list import EventSubscription, event_subscription_list

_OF_THE_LIBRARIES = (
    BUNDLE,
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_ID",
    "AZURE_DISABLE_INSTANCE_DISCOVERY",
)
"""Settings that azure-identity and requests read from the environment themselves, where the host puts every setting."""


@dataclass(frozen=True)
class Order:
    """What is to be examined, and how it is to be told. `local` is what local.settings.json holds, with its faults."""

    root: Path
    definitions: Path | None
    settings_file: Path | None
    subscriptions_file: Path | None
    local: tuple[Mapping[str, str], tuple[Fault, ...]]
    as_json: bool


class UnusableFileError(ValueError):
    """A file that was named cannot be read, or is not what the Azure CLI prints."""


def carry_out(order: Order, environment: Mapping[str, str]) -> tuple[list[str], int]:
    """The lines to print and the exit code: 1 if anything is a problem. Raises UnusableFileError."""
    stored = _stored_settings(order)
    values = {**stored, **environment}
    own = [*_local_faults(order), *examine_overrides(stored, environment), *_for_the_libraries(values, environment)]
    subject = Subject(values, environment, order.root, order.definitions, _subscriptions(order))
    findings = [*own, *examine(subject)]
    hidden = Hidden(values)
    lines = [as_json(findings, hidden)] if order.as_json else list(as_text(findings, hidden))
    return lines, int(any(finding.outcome is Outcome.PROBLEM for finding in findings))


def _for_the_libraries(values: Mapping[str, str], environment: Mapping[str, str]) -> tuple[Finding, ...]:
    """Put into the environment what they read there; what names a file that is not here is told and left out."""
    for name in _OF_THE_LIBRARIES:
        if values.get(name):
            os.environ.setdefault(name, values[name])
    missing = tuple(examine_authorities(values, environment))
    if missing:
        os.environ.pop(BUNDLE, None)
    return missing


def _stored_settings(order: Order) -> Mapping[str, str]:
    if order.settings_file is None:
        return order.local[0]
    wanted = "what `az functionapp config appsettings list` prints, nor a local.settings.json"
    try:
        return _settings_in(order.settings_file)
    except ValueError as error:
        raise _unusable(order.settings_file, wanted, error) from error


def _settings_in(file: Path) -> Mapping[str, str]:
    """Of a live app, or of another local.settings.json. Raises ValueError if it is neither."""
    text = _text(file)
    try:
        return app_settings_list(text)
    except ValueError:
        values, faults = local_settings(file.name, text)
        if faults or not values:
            raise
        return values


def _subscriptions(order: Order) -> tuple[EventSubscription, ...] | None:
    if order.subscriptions_file is None:
        return None
    wanted = "what `az eventgrid system-topic event-subscription list` prints"
    try:
        return event_subscription_list(_text(order.subscriptions_file))
    except ValueError as error:
        raise _unusable(order.subscriptions_file, wanted, error) from error


def _local_faults(order: Order) -> Iterator[Finding]:
    if order.settings_file is None:
        for fault in order.local[1]:
            yield SETTINGS.problem(
                fault.where, fault.problem, "put the file right; local.settings.sample.json is the form"
            )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise UnusableFileError(message) from error


def _unusable(file: Path, wanted: str, error: ValueError) -> UnusableFileError:
    """The decoder's words are about the file's form; they quote nothing of it."""
    return error if isinstance(error, UnusableFileError) else UnusableFileError(f"{file} is not {wanted}: {error}")
