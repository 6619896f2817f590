"""A search of everything that a test session logs, and of the errors that the app makes, for secrets (promise 7).

A test during which one is written down fails when it is torn down; with xdist in each worker. Never shows a secret.
Tests that write one down on purpose, to see it cut out further on, say so with the marker `plants_secrets`.
"""

import functools
import logging
from collections.abc import Callable, Generator
from pathlib import Path
from typing import override

import pytest

from devstack.azurite import ACCOUNT_KEY
from functions.retraining.core.errors import RelearnerError
from tests.e2e.secret_scan import secrets_in

NAME = "secret-watch"
LARGEST_LOG_FILE = 20_000_000
"""Bytes."""


class SecretWatch(logging.Handler):
    """Looks at each record of every logger and at each error of the app's own tree, once each."""

    def __init__(self, *known: str) -> None:
        super().__init__(logging.NOTSET)
        self._known = {ACCOUNT_KEY, *known}
        self._found: list[str] = []

    def also(self, *secrets: str) -> None:
        """Secrets that were made during the session."""
        self._known.update(secrets)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.look(f"logger {record.name}", self.format(record))

    def look(self, where: str, text: str) -> None:
        """Note what is secret in the text."""
        self._found += [f"{where}: {what}" for what in secrets_in(text, self._known)]

    def taken(self) -> list[str]:
        """What was found since this was last asked, each once."""
        found, self._found = self._found, []
        return list(dict.fromkeys(found))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        """Fail the test if something was found, also while its fixtures ended."""
        if item.get_closest_marker("plants_secrets"):
            self.taken()
        yield
        if found := self.taken():
            pytest.fail(f"secrets were written down: {', '.join(found)}", pytrace=False)

    def look_into_log_files(self, folder: Path) -> None:
        """The log files of the processes that the tests started, below this folder."""
        for file in sorted(folder.rglob("*.log")):
            self._look_into(file)

    def _look_into(self, file: Path) -> None:
        if file.is_file() and file.stat().st_size <= LARGEST_LOG_FILE:
            self.look(f"file {file.name}", file.read_text("utf-8", "replace"))


def watch(config: pytest.Config) -> SecretWatch:
    """Begin: listen to every logger, and to the errors of the app's tree as they are made."""
    found = SecretWatch()
    config.addinivalue_line("markers", "plants_secrets: writes secrets down on purpose, to see them cut out further on")
    config.pluginmanager.register(found, NAME)
    logging.getLogger().addHandler(found)
    config.add_cleanup(lambda: logging.getLogger().removeHandler(found))
    config.add_cleanup(_watch_errors(found))
    return found


def secret_watch(config: pytest.Config) -> SecretWatch:
    """The session's one."""
    found = config.pluginmanager.get_plugin(NAME)
    assert isinstance(found, SecretWatch)
    return found


def _watch_errors(found: SecretWatch) -> Callable[[], None]:
    made = RelearnerError.__init__

    @functools.wraps(made)
    def looked_at(self: RelearnerError, *texts: object) -> None:
        made(self, *texts)
        found.look(type(self).__name__, " ".join(map(str, texts)))

    setattr(RelearnerError, "__init__", looked_at)  # noqa: B010 - plain assignment to a method is refused by mypy
    return lambda: setattr(RelearnerError, "__init__", made)
