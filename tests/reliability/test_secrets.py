"""The last suite's search, the short form: it finds what is there, and never holds where it looked at nothing."""

import pytest

from devstack.azurite import ACCOUNT_KEY
from tests.e2e.test_secret_scan import PLANTED
from tests.reliability.artefacts import Artefacts
from tests.reliability.secrets_search import planted, searched


def kept(text: str) -> Artefacts:
    artefacts = Artefacts()
    artefacts.must_not_hold(ACCOUNT_KEY, "planted-endpoint-key")
    artefacts.keep("a log", "a line\n" * 1000)
    artefacts.keep("a document", text)
    return artefacts


def test_every_planted_kind_is_found() -> None:
    assert planted().good


@pytest.mark.parametrize("what", ["a connection string", "a user delegation signature", "Azurite's key", "a token"])
def test_an_artefact_with_a_secret_in_it_is_named_and_the_secret_is_not_shown(what: str) -> None:
    found = searched(kept(f'{{"why": "{PLANTED[what]}"}}'))
    assert (found.times, found.held) == (2, 1)
    (trouble,) = found.troubles
    assert trouble.startswith("a document: ")
    assert PLANTED[what] not in trouble
    assert ACCOUNT_KEY not in trouble


def test_artefacts_without_secrets_hold() -> None:
    assert searched(kept("sig=***")).good


def test_a_search_of_nothing_or_for_nothing_does_not_hold() -> None:
    assert not searched(Artefacts()).good
    without_known = Artefacts()
    without_known.keep("a log", "a line")
    assert not searched(without_known).good
