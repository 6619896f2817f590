"""Names of blobs that try to be something else, through the whole app on real storage."""

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

from azure.storage.blob import AccountSasPermissions, BlobServiceClient, ResourceTypes, generate_account_sas

from devstack.azurite import ACCOUNT, ACCOUNT_KEY, Azurite
from functions.retraining.core.errors import RelearnerError
from functions.retraining.core.run import Run, RunStatus
from functions.retraining.storage.blobs import StorageBlobs
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.run_store import StorageRunStore
from functions.retraining.workflows.app import App
from functions.retraining.workflows.start import start_retraining
from functions.retraining.workflows.sweep import sweep_examples
from tests.reliability.finding import Finding
from tests.support.world import World, make_app, make_world
from tests.support.world.definitions import pipeline

STATE, EXAMPLES, FOLDER = "retraining", "examples", "retraining/"
LEADS_ELSEWHERE = (
    "../../retraining/open/x.csv",
    "%2e%2e/%2E%2e/retraining/open/x.csv",
    "a/..%2f..%2f..%2fother/x.csv",
    "..\\..\\other\\x.csv",
    "..%5c..%5cother%5cx.csv",
    "a/./x.csv",
)
STAYS = (
    "open/20261122T083000Z-0123456789ab.json.csv",
    "open/x.json/.csv",
    "retraining/x.csv",
    "//double//x.csv",
    "a./b. /x.csv",
    "e\u0301.csv",
    "\u00e9.csv",
    "Case.csv",
    "CASE.csv",
    "\u202efsc.csv",
    "\u0130\u0131\u212a.csv",
    "a?b#c&sig=d%25.csv",
    "{p}'\"<>|*.csv",
    "%AAA%.csv",
    "%2Fx.csv",
    f"{'n' * 1010}.csv",
)
NOBODYS = ("open/x.json", "x.csv.", "x.csv/", "\u0441.\u0441sv")
"""No example by its extension: skipped."""


@contextmanager
def world_on(azurite: Azurite) -> Iterator[tuple[World, App, BlobServiceClient]]:
    """The app with real storage for examples and run documents, its services in memory."""
    with BlobServiceClient.from_connection_string(azurite.connection_string, retry_total=0) as storage:
        storage.create_container(EXAMPLES)
        world = make_world(pipeline())
        world.clock.advance(datetime.now(UTC) - world.clock.now())
        runs = StorageRunStore(Documents(storage, STATE))
        yield world, replace(make_app(world), runs=runs, blobs=StorageBlobs(storage)), storage


def upload(azurite: Azurite, name: str) -> None:
    """As no SDK would: the name stands in the request's path just as it is, dots and all."""
    token = generate_account_sas(
        ACCOUNT,
        ACCOUNT_KEY,
        ResourceTypes(object=True),
        AccountSasPermissions(create=True, write=True),
        datetime.now(UTC) + timedelta(minutes=10),
    )
    address = urlsplit(azurite.blob_endpoint)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    path = f"{address.path}/{EXAMPLES}/{FOLDER}{quote(name, safe='/')}?{token}"
    connection.request("PUT", path, b"rows", {"x-ms-blob-type": "BlockBlob"})
    status = connection.getresponse().status
    connection.close()
    assert status == 201, f"{name!a}: HTTP {status}"


def hostile_names(times: int = 1) -> Finding:
    """Upload every name, announce it, sweep, and let the timer run until nothing is open."""
    names = (*LEADS_ELSEWHERE, *STAYS, *NOBODYS)
    with (
        TemporaryDirectory(prefix="relearner-names-") as folder,
        Azurite.start(Path(folder)) as azurite,
        world_on(azurite) as (world, app, storage),
    ):
        for name in names:
            upload(azurite, name)
        before = _listed(storage, EXAMPLES)
        for name in names * times:
            with suppress(RelearnerError):  # what HTTP would lead elsewhere, storage refuses; the sweep finds it
                start_retraining(app, EXAMPLES, f"{FOLDER}{name}")
        sweep_examples(app)
        _let_everything_end(world, app)
        troubles = [*_wrong_runs(app), *_wrong_places(storage, before)]
    tried = "names of blobs with path tricks, on real storage: each its own run or a skipped one, nothing else written"
    return Finding(tried, len(names), max(0, len(names) - len(troubles)), troubles=tuple(troubles))


def _let_everything_end(world: World, app: App) -> None:
    for _ in range(20 * len(STAYS)):
        if not list(app.runs.open_runs()):
            return
        world.tick(app)


def _wrong_runs(app: App) -> Iterator[str]:
    ended = [app.runs.ended("retraining", run_id) for run_id in app.runs.ended_ids("retraining")]
    runs = {run.blob.name.removeprefix(FOLDER): run for run in ended if run}
    if len(ended) != len(runs):
        yield f"{len(ended)} runs for {len(runs)} names"
    for name in (*LEADS_ELSEWHERE, *STAYS, *NOBODYS):
        yield from _wrong_run(name, runs.get(name))
    yield from (f"run {entry.id} did not end" for entry in app.runs.open_runs())


def _wrong_run(name: str, run: Run | None) -> Iterator[str]:
    expected = RunStatus.SUCCEEDED if name in STAYS else RunStatus.SKIPPED
    if run is None:
        yield f"{name!a}: no run"
    elif run.status is not expected:
        yield f"{name!a}: {run.status}, {run.failure}"
    elif run.status is RunStatus.SKIPPED and (run.failure is None or name not in run.failure.message):
        yield f"{name!a}: skipped without its name"


def _wrong_places(storage: BlobServiceClient, before: dict[str, str]) -> Iterator[str]:
    if _listed(storage, EXAMPLES) != before:
        yield "the watched container was written to"
    containers = {container.name for container in storage.list_containers()}
    if containers != {EXAMPLES, STATE}:
        yield f"containers: {sorted(containers)}"
    for name in _listed(storage, STATE):
        if not re.fullmatch(r"(open|runs/retraining)/[0-9TZ]{16}-[0-9a-f]{12}\.json|pipelines/retraining\.json", name):
            yield f"a document at {name!a}"


def _listed(storage: BlobServiceClient, container: str) -> dict[str, str]:
    return {blob.name: str(blob.etag) for blob in storage.get_container_client(container).list_blobs()}
