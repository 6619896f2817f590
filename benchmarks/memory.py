"""The host's peak memory while a large example is uploaded and trained on by reference: it must not grow with it.

    python -m benchmarks.memory [--megabytes 1024]

A CSV is made as it is sent, never held whole, in a folder that the pipeline's dataset watches. The trigger host runs
the app as always; its peak is VmHWM of its process (Linux), first after a small example, then after the large one.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from azure.storage.blob import BlobServiceClient

from benchmarks.resident import peak_of
from devstack.following import Follower
from devstack.places import ROOT
from devstack.stack import Stack
from devstack.studio_calls import StudioCalls
from devstack.trigger_host.process import TriggerHost
from devstack.uploading import make_containers
from functions.retraining.bootstrap import Relearner, build

MEGABYTE = 1024 * 1024
COLUMNS = 250
LINES_A_PIECE = 100
SMALL_MEGABYTES = 1
FOLLOW_SECONDS = 1800


@dataclass(frozen=True)
class Trained:
    """One example, from the first byte sent to the live model, and the host's peak since it started (bytes)."""

    sent_bytes: int
    upload_seconds: float
    training_seconds: float
    host_peak: int


def main() -> None:
    """Print the figures."""
    megabytes = _parser().parse_args().megabytes
    with tempfile.TemporaryDirectory(prefix="relearner-memory-") as name, Stack.start(Path(name)) as stack:
        os.environ["REQUESTS_CA_BUNDLE"] = stack.settings["REQUESTS_CA_BUNDLE"]
        stack.settings["ADF_FOLDER"] = str(_folder_of_examples(Path(name) / "adf"))
        make_containers(stack.azurite.connection_string, ("labeledexamples", "trainingoutput"))
        app = build(stack.settings, ROOT)
        host = stack.start_host({"POLL_SCHEDULE": "*/2 * * * * *"})
        small = _train(app, stack, host, "small.csv", SMALL_MEGABYTES)
        _tell(f"{SMALL_MEGABYTES} MB", small)
        large = _train(app, stack, host, "large.csv", megabytes)
        _tell(f"{megabytes} MB", large)
        growth = (large.host_peak - small.host_peak) / MEGABYTE
        print(f"the host's peak grew by {growth:.1f} MB while the example grew by {megabytes - SMALL_MEGABYTES} MB")


def _folder_of_examples(adf: Path) -> Path:
    """The sample's definitions, but any file in the container is an example."""
    shutil.copytree(ROOT / "adf", adf)
    dataset = adf / "dataset" / "trainingData.json"
    document = json.loads(dataset.read_text("utf-8"))
    del document["properties"]["typeProperties"]["fileName"]
    dataset.write_text(json.dumps(document), "utf-8")
    return adf


def _train(app: Relearner, stack: Stack, host: TriggerHost, name: str, megabytes: int) -> Trained:
    began = time.monotonic()
    sent = _send(stack, name, megabytes * MEGABYTE)
    uploaded = time.monotonic()
    version = app.app.blobs.version("labeledexamples", name)
    if version is None:
        message = f"{name} is gone right after its upload"
        raise LookupError(message)
    follower = Follower(app.app, "pipeline", version, StudioCalls.of(stack.settings))
    for happening in follower.happenings(FOLLOW_SECONDS):
        print(f"  {name}: {happening.name} {happening.words}", flush=True)
    _must_have_succeeded(follower)
    return Trained(sent, uploaded - began, time.monotonic() - uploaded, peak_of(host.pid))


def _send(stack: Stack, name: str, size: int) -> int:
    with BlobServiceClient.from_connection_string(stack.azurite.connection_string) as storage:
        client = storage.get_blob_client("labeledexamples", name)
        client.upload_blob(_csv(size), overwrite=True, max_concurrency=1)
        return int(client.get_blob_properties().size)


def _csv(size: int) -> Iterator[bytes]:
    """About `size` bytes: numbers with a label that depends on the first of them. The pieces repeat after a while."""
    chance = random.Random(20160213)  # noqa: S311 - made-up measurements, not secrets
    header = ",".join([*(f"measure{number}" for number in range(COLUMNS)), "label"]) + "\n"
    pieces = itertools.cycle([_piece(chance) for _ in range(4)])
    yield header.encode()
    sent = len(header)
    while sent < size:
        piece = next(pieces)
        sent += len(piece)
        yield piece


def _piece(chance: random.Random) -> bytes:
    rows = ([chance.gauss(0, 1) for _ in range(COLUMNS)] for _ in range(LINES_A_PIECE))
    lines = (f"{','.join(map(repr, row))},{'high' if row[0] + row[1] > 0 else 'low'}\n" for row in rows)
    return "".join(lines).encode()


def _must_have_succeeded(follower: Follower) -> None:
    run = follower.run()
    if run is None or run.status.value != "succeeded":
        message = f"the run has not succeeded: {run and run.failure}"
        raise RuntimeError(message)


def _tell(title: str, trained: Trained) -> None:
    print(
        f"{title}: {trained.sent_bytes / MEGABYTE:.0f} MB sent in {trained.upload_seconds:.1f} s, "
        f"live {trained.training_seconds:.1f} s later; the host's peak is {trained.host_peak / MEGABYTE:.1f} MB",
        flush=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description="The host's peak memory.")
    parser.add_argument("--megabytes", type=int, default=1024, help="size of the large example (default 1024)")
    return parser


if __name__ == "__main__":
    main()
