"""Fixtures every room's tests may ask for."""

from collections.abc import Iterator

import hypothesis
import pytest

from devstack.azurite import Azurite
from tests.support.secret_watch import secret_watch, watch

# The same examples every time, so that a red build can be repeated; a search with chance is a command of its own:
# python -m pytest --hypothesis-profile=chance
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("chance", deadline=None)
hypothesis.settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """No secret in any log line or error of the session: each test fails in which one is written down."""
    watch(config)


@pytest.fixture(scope="session", autouse=True)
def no_secret_in_log_files(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nor in the log files of the processes that tests started; looked for when all other fixtures are gone."""
    yield
    watching = secret_watch(pytestconfig)
    watching.look_into_log_files(tmp_path_factory.getbasetemp())
    found = watching.taken()
    assert not found, f"secrets were written down: {', '.join(found)}"


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """One Azurite for the session (with xdist: one per worker), in a temporary folder."""
    with Azurite.start(tmp_path_factory.mktemp("azurite")) as running:
        yield running
