"""`python -m devstack status`: what runs, which runs are open, what is deployed."""

import argparse
import sys
from collections.abc import Iterator

from devstack.local_settings import read_local_settings
from devstack.places import ROOT, settings_file
from devstack.running import Running
from functions.retraining.bootstrap import build
from functions.retraining.core.run import Run
from functions.retraining.workflows.app import App

LATEST = 5


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    commands.add_parser("status", help="what runs and what is deployed").set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Print it."""
    running = Running.read()
    host = running.host or "not started here: run 'func start'"
    sys.stdout.write(f"storage  {running.storage}\nstudio   {running.studio}\nhost     {host}\n")
    app = build(read_local_settings(settings_file()), ROOT).app
    for pipeline in app.pipelines:
        for line in _lines(app, pipeline):
            sys.stdout.write(f"{line}\n")
    return 0


def _lines(app: App, pipeline: str) -> Iterator[str]:
    deployed = app.runs.slot(pipeline).slot.deployed
    yield f"\npipeline {pipeline}: {f'{deployed.model} is live' if deployed else 'no model of ours is live'}"
    open_runs = (app.runs.load(entry.id) for entry in app.runs.open_runs() if entry.pipeline == pipeline)
    for stored in open_runs:
        if stored:
            yield _line(stored.run)
    for run_id in sorted(app.runs.ended_ids(pipeline), reverse=True)[:LATEST]:
        ended = app.runs.ended(pipeline, run_id)
        if ended:
            yield _line(ended)


def _line(run: Run) -> str:
    why = run.failure.message if run.failure else run.waits_for
    return f"  {run.id}  {run.status:<11} {run.blob.path}{f'  ({why})' if why else ''}"
