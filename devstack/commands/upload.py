"""`python -m devstack upload`: a labeled example into the running stack; `--follow` shows what becomes of it.

Where the blob triggers listen to Event Grid, this command is Event Grid: it posts the event of the upload.
"""

import argparse
from collections.abc import Collection
from pathlib import Path

from devstack.console import Console
from devstack.event_grid import BlobCreated, EventSubscription
from devstack.following import Follower
from devstack.local_settings import read_local_settings
from devstack.places import ROOT, settings_file, stack_folder
from devstack.running import Running
from devstack.studio_calls import StudioCalls
from devstack.trigger_host.process import blobs_extension_key
from devstack.uploading import SAMPLES, sample_content, upload
from functions.retraining.bootstrap import build
from functions.retraining.core.blobs import BlobVersion

FUNC_START = "http://localhost:7071"
"""Where `func start` listens; it asks for no keys."""


class UnknownPipelineError(ValueError):
    """No pipeline has the name; says which there are."""

    def __init__(self, name: str, names: Collection[str]) -> None:
        super().__init__(f"There is no pipeline {name!r}; there are: {', '.join(sorted(names))}")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("upload", help="upload labeled examples to the running stack")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, help="a .csv, .tsv or .arff file")
    what.add_argument("--sample", choices=sorted(SAMPLES), help="a sample that comes with the stack")
    parser.add_argument("--pipeline", help="whose labeled examples; default: the first pipeline")
    parser.add_argument("--follow", action="store_true", help="show what happens until the run has ended")
    parser.add_argument("--seconds", type=float, default=600, help="how long to follow at most (default 600)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Upload; with --follow 0 only if the run succeeds."""
    Running.read()
    settings = read_local_settings(settings_file())
    app = build(settings, ROOT).app
    pipeline = app.pipelines[_known(options.pipeline, app.pipelines)].pipeline
    dataset = pipeline.labeled_examples
    name = options.file.name if options.file else f"{options.sample}.arff"
    content = options.file or sample_content(SAMPLES[options.sample](), dataset.file_name or name)
    console = Console()
    studio = StudioCalls.of(settings)
    version = upload(app, settings["TrainingStorage"], dataset, name, content)
    console.event("uploaded", f"{version.path} ({version.size} bytes)")
    if settings.get("BLOB_TRIGGER_SOURCE") == "EventGrid":
        _announce(version, Running.read())
        console.event("announced", "the host has taken the BlobCreated event")
    if not options.follow:
        return 0
    follower = Follower(app, pipeline.name, version, studio)
    for happening in follower.happenings(options.seconds):
        console.event(happening.name, happening.words)
    ended = follower.run()
    return 0 if ended and ended.status.value == "succeeded" else 1


def _known(name: str | None, names: Collection[str]) -> str:
    if name and name not in names:
        raise UnknownPipelineError(name, names)
    return name or min(names)


def _announce(version: BlobVersion, stack: Running) -> None:
    key = blobs_extension_key(stack_folder() / "trigger_host") if stack.host else ""
    EventSubscription(stack.host or FUNC_START, "start_retraining", key).deliver([BlobCreated(version, stack.storage)])
