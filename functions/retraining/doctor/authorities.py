"""REQUESTS_CA_BUNDLE where it names what this machine does not have: requests would raise OSError at every call."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from .app_settings import SETTINGS
from .finding import Finding

BUNDLE = "REQUESTS_CA_BUNDLE"


def examine_authorities(values: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing if it is unset or there. A problem if the environment names it; a live app may have it."""
    file = values.get(BUNDLE)
    if not file or Path(file).exists():
        return
    found = f"names {file}, which is not on this machine; the services are called without it"
    if BUNDLE in environment:
        yield SETTINGS.problem(BUNDLE, found, "let it name the PEM file of the services' authority, or unset it")
    else:
        yield SETTINGS.notice(BUNDLE, found, f"to call them with it, copy the file here and set {BUNDLE} to its path")
