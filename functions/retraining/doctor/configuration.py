"""Settings and definitions: the same faults that the app's first call would tell of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from functions.retraining.adf import Factory, load, read_folder
from functions.retraining.allowed_hosts import allowed_host_faults
from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.errors import ConfigurationError, Fault
from functions.retraining.settings import Settings, read
from functions.retraining.watching import watching_faults

from .app_settings import SETTINGS
from .finding import Area, Finding

DEFINITIONS = Area("definitions")


@dataclass(frozen=True)
class Configuration:
    """What the settings and definitions say, as far as they can be read.

    `references` are the settings behind Key Vault references; what needs them holds stand-ins. Secrets go only where
    `secrets_may_be_sent`.
    """

    values: Mapping[str, str]
    references: frozenset[str]
    settings: Settings
    pipelines: tuple[Pipeline, ...]
    findings: tuple[Finding, ...]
    secrets_may_be_sent: bool


def read_configuration(
    values: Mapping[str, str], references: frozenset[str], root: Path, folder: Path | None = None
) -> Configuration:
    """Read both; `folder` stands in for the setting ADF_FOLDER, which is relative to `root`."""
    known = {name: value for name, value in values.items() if name not in references}
    settings_faults: list[Fault] = []
    settings = read(known, settings_faults)
    factory = _factory(folder or root / settings.adf_folder, known)
    watching = watching_faults(settings, factory.pipelines)
    hosts = allowed_host_faults(settings.allowed_service_hosts, factory.pipelines)
    own = [fault for fault in settings_faults if not _is_about(fault, references)]
    read_faults = [fault for fault in factory.faults if not _is_about(fault, references)]
    findings = (
        *_settings_findings((*own, *watching, *hosts)),
        *_definitions_findings(factory, read_faults),
    )
    return Configuration(known, references, settings, factory.pipelines, findings, not hosts)


def _factory(folder: Path, values: Mapping[str, str]) -> Factory:
    try:
        return load(read_folder(folder), values)
    except ConfigurationError as error:
        return Factory((), error.faults, (), frozenset())


def _is_about(fault: Fault, references: frozenset[str]) -> bool:
    """Whether it only says that a setting behind a reference has no value."""
    if fault.where.removeprefix("setting ") in references:
        return True
    return any(fault.problem.startswith(f"the setting {name} is not set") for name in references)


def _settings_findings(faults: tuple[Fault, ...]) -> Iterator[Finding]:
    for fault in dict.fromkeys(faults):
        yield SETTINGS.problem(fault.where, fault.problem, "docs/settings.md has each setting and what it must be")
    if not faults:
        yield SETTINGS.ok("all", "everything needed is set and well formed, and fits what the doors watch")


def _definitions_findings(factory: Factory, faults: list[Fault]) -> Iterator[Finding]:
    for fault in faults:
        is_unset = fault.problem.startswith("the setting ")
        to_do = "set it, or correct its name" if is_unset else "put it right in the document and deploy again"
        yield DEFINITIONS.problem(fault.where, fault.problem, to_do)
    for pipeline in factory.pipelines:
        yield DEFINITIONS.ok(f"pipeline {pipeline.name}", "is understood")
        if pipeline.is_paused:
            yield DEFINITIONS.notice(
                f"pipeline {pipeline.name}", "is paused: its examples wait", "set isPaused to false to go on"
            )
