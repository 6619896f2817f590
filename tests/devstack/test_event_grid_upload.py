"""`python -m devstack upload` in a stack whose blob triggers listen to Event Grid: the command is Event Grid."""

from pathlib import Path

import pytest

from tests.devstack.cli import Cli


@pytest.mark.stack
@pytest.mark.timeout(240)
def test_an_upload_is_announced_and_becomes_the_live_model(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "stack")
    stack = cli.up("--host", "--set", "POLL_SCHEDULE=* * * * * *", "--set", "BLOB_TRIGGER_SOURCE=EventGrid")
    try:
        uploaded = cli.run("upload", "--sample", "poor", "--follow", "--seconds", "50")
    finally:
        stack.stop()
    assert uploaded.returncode == 0, uploaded.stdout + uploaded.stderr
    assert (
        uploaded.stdout.index(" announced ") < uploaded.stdout.index(" waiting ") < uploaded.stdout.index(" succeeded ")
    )
