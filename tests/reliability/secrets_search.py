"""The search of everything that the suites wrote down."""

from collections.abc import Iterator

from tests.e2e.secret_scan import secrets_in
from tests.e2e.test_secret_scan import KNOWN, PLANTED
from tests.reliability.artefacts import Artefacts
from tests.reliability.finding import Finding


def planted() -> Finding:
    """Whether the search finds a secret of each kind, in each spelling, between what the suites kept."""
    missed = [what for what, text in PLANTED.items() if not secrets_in(f"before {text} after", KNOWN)]
    tried = "secrets planted for the search, of each kind and spelling: found"
    return Finding(
        tried, len(PLANTED), len(PLANTED) - len(missed), troubles=tuple(f"missed: {what}" for what in missed)
    )


def searched(artefacts: Artefacts) -> Finding:
    """Whether no artefact holds a secret. One that is found is named by its place, never shown."""
    found = list(_found(artefacts))
    size = sum(map(len, artefacts.texts.values())) / 1_000_000
    figures = f"{size:.1f} million characters, {len(artefacts.secrets)} known secrets"
    tried = "documents, logs, answers and errors of all suites: no secret in them"
    times = len(artefacts.texts) if artefacts.secrets else 0
    return Finding(tried, times, max(0, times - len(found)), figures, tuple(found))


def _found(artefacts: Artefacts) -> Iterator[str]:
    for name, text in artefacts.texts.items():
        secrets = secrets_in(text, artefacts.secrets)
        if secrets:
            yield f"{name}: {', '.join(secrets)}"
