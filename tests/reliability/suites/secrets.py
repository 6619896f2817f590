"""Point 9: no secret in anything that was written down. The last suite: it searches what all the others kept."""

from collections.abc import Iterator

from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.finding import Finding
from tests.reliability.secrets_own import keep_own_artefacts
from tests.reliability.secrets_search import planted, searched


def findings() -> Iterator[Finding]:
    """That the search finds what is planted; then that it finds nothing in the artefacts, some of them its own."""
    yield planted()
    keep_own_artefacts()
    yield searched(ARTEFACTS)
