"""Check the definitions without running anything: `python -m functions.retraining.check [DIR]`.

Prints the pipelines in plain words, the settings they need and which of them are not set, what an event-driven run
does not use, and every fault. Exit code 1 on a fault, 0 otherwise. Settings are read from the environment and, where
it has none, from the Values of the local.settings.json beside DIR. No setting's value is printed. `--properties` prints
every property of Data Factory that is known here, and what becomes of it.

`--deployed` looks at everything those settings lead to: storage, queues, services, the app's functions, its runs. It
writes nothing but one probe document in the state container, which it deletes. For a live app, `--settings` takes the
file that `az functionapp config appsettings list` printed (or another local.settings.json) instead of the one beside
DIR, and `--subscriptions` that of `az eventgrid system-topic event-subscription list`. `--json` prints one object. Exit
code 1 on a problem, 2 if a file cannot be used.
"""

import argparse
import io
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from functions.retraining.adf import Factory, load, local_settings, read_folder
from functions.retraining.adf.vocabulary import table
from functions.retraining.adf.words import describe
from functions.retraining.allowed_hosts import allowed_host_faults
from functions.retraining.core.errors import ConfigurationError, Fault
from functions.retraining.settings import read_allowed_service_hosts

APP_ROOT = Path(__file__).resolve().parents[2]
"""The folder of function_app.py."""

DEFINITIONS = "adf"
_ONLY_DEPLOYED = ("settings", "subscriptions", "json")


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Check one folder, or with --deployed everything; answer the exit code."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    alone = [name for name in _ONLY_DEPLOYED if getattr(parsed, name) and not parsed.deployed]
    if alone:
        parser.error(f"--{alone[0]} goes with --deployed")
    if parsed.properties:
        _print_lines(table())
        return 0
    return _deployed(parsed, environment) if parsed.deployed else _definitions(parsed, environment)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m functions.retraining.check", description=__doc__)
    parser.add_argument("folder", nargs="?", metavar="DIR", help="the definitions (default: adf)")
    parser.add_argument("--properties", action="store_true", help="print what becomes of each property, and stop")
    parser.add_argument("--deployed", action="store_true", help="look at storage, services, events and runs as well")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="the live app's settings, as az prints them")
    parser.add_argument("--subscriptions", type=Path, metavar="FILE", help="the event subscriptions, as az prints them")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    return parser


def _deployed(parsed: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from functions.retraining.doctor.command import (  # noqa: PLC0415 - without --deployed no client is loaded
        Order,
        UnusableFileError,
        carry_out,
    )

    definitions = Path(parsed.folder) if parsed.folder else None
    local = _local_values(definitions or Path(DEFINITIONS))
    order = Order(APP_ROOT, definitions, parsed.settings, parsed.subscriptions, local, parsed.json)
    try:
        lines, code = carry_out(order, environment)
    except UnusableFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _print_lines(lines)
    return code


def _definitions(parsed: argparse.Namespace, environment: Mapping[str, str]) -> int:
    folder = Path(parsed.folder or DEFINITIONS)
    values, faults = _local_values(folder)
    settings = {**values, **environment}
    try:
        factory = load(read_folder(folder), settings)
    except ConfigurationError as error:
        factory = Factory((), error.faults, (), frozenset())
    everything = (*faults, *factory.faults, *_host_faults(factory, settings))
    _print_lines(_report(factory, settings, everything))
    return 1 if everything else 0


def _local_values(folder: Path) -> tuple[Mapping[str, str], tuple[Fault, ...]]:
    file = folder.resolve().parent / "local.settings.json"
    try:
        return local_settings(file.name, file.read_bytes().decode("utf-8", "surrogateescape"))
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        return {}, (Fault(file.name, f"cannot be read: {error.strerror}"),)


def _host_faults(factory: Factory, settings: Mapping[str, str]) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    allowed = read_allowed_service_hosts(settings, faults)
    return (*faults, *allowed_host_faults(allowed, factory.pipelines))


def _report(factory: Factory, settings: Mapping[str, str], faults: tuple[Fault, ...]) -> Iterable[str]:
    for pipeline in factory.pipelines:
        yield from [*describe(pipeline), ""]
    if not factory.pipelines:
        yield from ["No pipeline could be understood.", ""]
    yield from _section("Settings that the definitions need:", _settings(factory, settings))
    yield from _section("Notices:", map(str, factory.notices))
    yield from _section("Faults:", map(str, faults))
    yield f"{len(faults)} fault{'' if len(faults) == 1 else 's'} to put right." if faults else "No faults."


def _settings(factory: Factory, settings: Mapping[str, str]) -> Iterable[str]:
    for name in sorted(factory.settings_used):
        yield f"{name}: {'set' if settings.get(name) else 'NOT SET'}"


def _section(heading: str, lines: Iterable[str]) -> Iterable[str]:
    indented = [f"  {line}" for line in lines]
    return [heading, *indented, ""] if indented else []


def _print_lines(lines: Iterable[str]) -> None:
    """Write to standard output, whatever its encoding: what it cannot show is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
