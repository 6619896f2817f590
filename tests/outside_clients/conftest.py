"""One studio for all outside clients."""

from collections.abc import Iterator

import pytest

from devstack.studio import Studio


@pytest.fixture(scope="session")
def one_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio.start(tmp_path_factory.mktemp("studio")) as running:
        yield running
