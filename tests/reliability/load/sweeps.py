"""What a sweep takes and costs over very many blobs, all known but a few."""

import tempfile
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path

from devstack.local_settings import app_settings
from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import run_id
from tests.reliability.finding import Finding
from tests.reliability.load.list_server import list_server
from tests.reliability.load.measured import Measured, MeasuredApp
from tests.reliability.load.open_runs import A_LIST
from tests.reliability.load.pipelines import EXAMPLES, Wanted, example_name, pipeline_name, write_definitions
from tests.reliability.load.planting import Planted, plant
from tests.reliability.load.quick_studio import quick_studio
from tests.reliability.load.town import STATE, Town, town


def sweep_over(known: int, unannounced: int, pipelines: int) -> Finding:
    """A watched container with so many known examples, swept twice: before and after some come that nobody announced.

    Several pipelines watch the container as a whole, each for the files that end with its name.
    """
    with town("sweep", Wanted(pipelines, one_folder=pipelines > 1)) as place:
        examples = [_example(place.pipelines, number) for number in range(known + unannounced)]
        plant(place.azurite, EXAMPLES, examples[:known])
        plant(place.azurite, STATE, (_ended(place.pipelines, number) for number in range(known)))
        quiet = place.app.call("sweep_examples")
        plant(place.azurite, EXAMPLES, examples[known:])
        busy = place.app.call("sweep_examples")
        begun = {entry.id for entry in place.runs.open_runs()}
        troubles = [
            *_dearer_than_said(quiet, known, pipelines),
            *busy.errors,
            *(f"{run} was not found" for run in _missing(place, range(known, len(examples)), begun)),
            *([] if len(begun) == unannounced else [f"{len(begun)} runs were begun for {unannounced} examples"]),
        ]
    title = (
        f"a sweep over {known:,} known examples that {_watchers(pipelines)}, and one that finds {unannounced:,} more"
    )
    figures = f"{_told(quiet)}; finding {unannounced:,}: {_told(busy)}; {busy.peak.partition(' (')[0]}"
    return Finding(title, 2, max(2 - len(troubles), 0), figures, tuple(troubles[:5]))


def quiet_sweep(known: int) -> Finding:
    """The app's own part of a sweep over very many known examples of one pipeline: storage answers at once."""
    (name,) = pipelines = [pipeline_name(0)]
    containers = {
        EXAMPLES: [_example(pipelines, number) for number in range(known)],
        STATE: sorted((_ended(pipelines, number) for number in range(known)), key=lambda blob: blob.name),
    }
    with tempfile.TemporaryDirectory(prefix="relearner-load-") as made, list_server(containers) as connection_string:
        folder = Path(made)
        with quick_studio(folder / "studio") as studio:
            write_definitions(folder, Wanted(1), studio.scoring_endpoints([name]))
            app = MeasuredApp(folder, app_settings(connection_string, studio.studio))
            quiet = app.call("sweep_examples")
            app.stop()
    troubles = [*_dearer_than_said(quiet, known, 1)]
    title = f"a sweep over {known:,} known examples of one pipeline; storage's Lists answered at once"
    return Finding(title, 1, int(not troubles), f"{_told(quiet)}; {quiet.peak}", tuple(troubles[:5]))


def lists_of(known: int, pipelines: int) -> int:
    """The most Lists that a sweep takes, where nothing is open: docs/reliability.md has the formula.

    One of the open runs; the blobs' of the one container, once; for each pipeline the ended runs', and the one blob
    at its model's place.
    """
    ended_each = ceil(ceil(known / pipelines) / A_LIST) or 1
    return 1 + (ceil(known / A_LIST) or 1) + pipelines * (ended_each + 1)


def _dearer_than_said(swept: Measured, known: int, pipelines: int) -> Iterator[str]:
    yield from swept.errors
    if swept.lists > lists_of(known, pipelines):
        yield f"{swept.lists} Lists instead of {lists_of(known, pipelines)}"
    if swept.operations > pipelines:  # each one's slot
        yield f"{swept.operations} requests beside the Lists, of {pipelines} pipelines"


def _missing(place: Town, numbers: range, begun: set[str]) -> Iterator[str]:
    runs = (_run_of(place.pipelines, number) for number in numbers)
    return (run for run in runs if run not in begun)


def _example(pipelines: Sequence[str], number: int) -> Planted:
    """One that its pipeline takes, whether it watches the whole container or a folder of its own."""
    pipeline = pipelines[number % len(pipelines)]
    return Planted(example_name(pipeline, number, one_folder=len(pipelines) > 1), number)


def _run_of(pipelines: Sequence[str], number: int) -> str:
    blob = _example(pipelines, number)
    version = BlobVersion(
        container=EXAMPLES,
        name=blob.name,
        etag=blob.etag,
        last_modified=blob.last_modified,
        size=len(blob.content),
    )
    return run_id(pipelines[number % len(pipelines)], version)


def _ended(pipelines: Sequence[str], number: int) -> Planted:
    """The lasting document of its run: a sweep reads no more than its name."""
    pipeline = pipelines[number % len(pipelines)]
    return Planted(f"runs/{pipeline}/{_run_of(pipelines, number)}.json", number, b"{}")


def _told(swept: Measured) -> str:
    return f"{swept.took}, {swept.lists} List, {swept.operations:,} other storage requests"


def _watchers(pipelines: int) -> str:
    return "one pipeline watches" if pipelines == 1 else f"{pipelines} pipelines watch"
