"""`python -m devstack score`: how well the model that is live now does on rows that no model has seen."""

import argparse
import sys

from devstack.examples import held_out_sample
from devstack.local_settings import read_local_settings
from devstack.places import settings_file
from devstack.running import Running
from devstack.studio_calls import StudioCalls


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    commands.add_parser("score", help="score the held-out rows with the live model").set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Print the live model and its accuracy; 1 if no model is live yet."""
    Running.read()
    studio = StudioCalls.of(read_local_settings(settings_file()))
    model = studio.live_model()
    if not model:
        sys.stdout.write("No model is live yet. Upload labeled examples: python -m devstack upload --sample poor\n")
        return 1
    rows = held_out_sample()
    sys.stdout.write(f"{model}: {studio.accuracy(rows):.1%} of {len(rows.rows)} held-out rows are right\n")
    return 0
