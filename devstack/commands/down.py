"""`python -m devstack down`: stops what `up` started, and nothing else."""

import argparse
import sys

from devstack.running import STOP_SECONDS, Running


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    commands.add_parser("down", help="stop the running stack").set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Stop it and wait for its end."""
    running = Running.read()
    if running.stop():
        sys.stdout.write("The local stack is down.\n")
        return 0
    sys.stderr.write(f"The stack (process {running.pid}) has not stopped within {STOP_SECONDS} s.\n")
    return 1
