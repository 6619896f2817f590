"""The local stack's commands: `python -m devstack up|demo|upload|score|status|down`."""

import argparse
import sys
from collections.abc import Sequence

from devstack.azurite import AzuriteError
from devstack.commands import demo, down, score, status, up, upload
from devstack.commands.upload import UnknownPipelineError
from devstack.event_grid import EventNotTakenError
from devstack.following import FollowTimeoutError
from devstack.local_settings import SettingsInUseError
from devstack.running import AlreadyRunningError, NotRunningError
from devstack.trigger_host.errors import TriggerHostError
from functions.retraining.core.errors import RelearnerError

EXPECTED = (
    AlreadyRunningError,
    AzuriteError,
    EventNotTakenError,
    FollowTimeoutError,
    NotRunningError,
    OSError,
    RelearnerError,
    SettingsInUseError,
    TriggerHostError,
    UnknownPipelineError,
)
"""What is told in words, without a traceback: 2 is the exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m devstack", description="Relearner's whole cloud on a laptop.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (up, demo, upload, score, status, down):
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return code


if __name__ == "__main__":
    raise SystemExit(main())
