"""What every door does first."""

import logging
from collections.abc import Iterator

import pytest

from functions.relearner import relearner
from functions.retraining.core.errors import ConfigurationError

OF_EACH_REQUEST = "azure.core.pipeline.policies.http_logging_policy"


@pytest.fixture
def as_in_the_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without a setting, and with the root logger at INFO, as the host's Python worker sets it."""
    for name in ("TrainingStorage", "LABELED_EXAMPLES_CONTAINER"):
        monkeypatch.delenv(name, raising=False)
    loggers = [logging.getLogger(name) for name in ("", "azure.core")]
    levels = [logger.level for logger in loggers]
    logging.getLogger().setLevel(logging.INFO)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.usefixtures("as_in_the_worker")
def test_the_journal_is_heard_and_the_sdks_lines_for_each_request_are_not() -> None:
    with pytest.raises(ConfigurationError):
        relearner()

    assert logging.getLogger("relearner").isEnabledFor(logging.INFO)
    assert not logging.getLogger(OF_EACH_REQUEST).isEnabledFor(logging.INFO)
    assert logging.getLogger(OF_EACH_REQUEST).isEnabledFor(logging.WARNING)
