"""Check the definitions without running anything: `python -m functions.retraining.check [DIR]`.

Prints the pipelines in plain words, the settings they need and which of them are not set, what an event-driven run
does not use, and every fault. Exit code 1 on a fault, 0 otherwise. Settings are read from the environment and, where
it has none, from the Values of the local.settings.json beside DIR. No setting's value is printed. `--properties` prints
every property of Data Factory that is known here, and what becomes of it.
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
from functions.retraining.core.errors import ConfigurationError, Fault


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Check one folder; answer the exit code."""
    parser = argparse.ArgumentParser(prog="python -m functions.retraining.check", description=__doc__)
    parser.add_argument("folder", nargs="?", default="adf", metavar="DIR", help="the definitions (default: adf)")
    parser.add_argument("--properties", action="store_true", help="print what becomes of each property, and stop")
    parsed = parser.parse_args(arguments)
    if parsed.properties:
        _print_lines(table())
        return 0
    folder = Path(parsed.folder)
    values, faults = _local_values(folder)
    settings = {**values, **environment}
    try:
        factory = load(read_folder(folder), settings)
    except ConfigurationError as error:
        factory = Factory((), error.faults, (), frozenset())
    _print_lines(_report(factory, settings, (*faults, *factory.faults)))
    return 1 if faults or factory.faults else 0


def _local_values(folder: Path) -> tuple[Mapping[str, str], tuple[Fault, ...]]:
    file = folder.resolve().parent / "local.settings.json"
    try:
        return local_settings(file.name, file.read_bytes().decode("utf-8", "surrogateescape"))
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        return {}, (Fault(file.name, f"cannot be read: {error.strerror}"),)


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
