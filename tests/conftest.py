"""Fixtures every room's tests may ask for."""

from collections.abc import Iterator

import pytest

from devstack.azurite import Azurite


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """One Azurite for the session (with xdist: one per worker), in a temporary folder."""
    with Azurite.start(tmp_path_factory.mktemp("azurite")) as running:
        yield running
