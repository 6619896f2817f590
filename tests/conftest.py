"""Fixtures every room's tests may ask for."""

from collections.abc import Iterator

import hypothesis
import pytest

from devstack.azurite import Azurite

# The same examples every time, so that a red build can be repeated; a search with chance is a command of its own:
# python -m pytest --hypothesis-profile=chance
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("chance", deadline=None)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """One Azurite for the session (with xdist: one per worker), in a temporary folder."""
    with Azurite.start(tmp_path_factory.mktemp("azurite")) as running:
        yield running
