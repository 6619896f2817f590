"""All documents of a factory to its pipelines: `load`."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from functions.retraining.core.definitions import BlobDataset, Pipeline
from functions.retraining.core.errors import Fault

from .activities import Shelves
from .between_pipelines import check_between
from .datasets import read_dataset
from .documents import Document, read_document
from .findings import Findings
from .linked_services import LinkedService, read_linked_service
from .node import Node
from .pipelines import PlacedPipeline, read_pipeline
from .shelf import Shelf

FOLDERS = ("linkedService", "dataset", "pipeline")


class Factory(NamedTuple):
    """What the definitions say. The pipelines are to be run only if there are no faults.

    `notices` are worth knowing and stop nothing; `settings_used` are the settings that values name, set or not.
    Where there are, a pipeline may hold stand-ins (`%SETTING%`, `?`), so that it can still be described.
    """

    pipelines: tuple[Pipeline, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    settings_used: frozenset[str]


def load(documents: Mapping[str, str], settings: Mapping[str, str]) -> Factory:
    """Read a factory's documents, by relative file name (`pipeline/pipeline.json`).

    Never raises, whatever the documents hold: everything wrong is among the faults, each with file, JSON path and
    what is expected there. The order of the documents does not matter.
    """
    findings = Findings(settings)
    read = {folder: _documents(folder, documents, findings) for folder in FOLDERS}
    _tell_elsewhere(documents, findings)
    pipelines = _read_all(read)
    if not read["pipeline"]:
        findings.fault("pipeline/", "there is no pipeline; expected a document pipeline/*.json")
    return Factory(pipelines, findings.faults, findings.notices, findings.settings_used)


def _read_all(read: Mapping[str, list[Document]]) -> tuple[Pipeline, ...]:
    linked_services: Shelf[LinkedService] = Shelf("linked service")
    datasets: Shelf[BlobDataset] = Shelf("dataset")
    pipelines: Shelf[tuple[PlacedPipeline, ...]] = Shelf("pipeline")
    _fill(linked_services, read["linkedService"], read_linked_service)
    _fill(datasets, read["dataset"], lambda name, node: read_dataset(name, node, linked_services))
    shelves = Shelves(linked_services, datasets)
    _fill(pipelines, read["pipeline"], lambda name, node: read_pipeline(name, node, shelves))
    placed = [each for entry in pipelines.entries.values() for each in entry.definition or ()]
    check_between(placed)
    return tuple(each.pipeline for each in placed)


def _fill[T](shelf: Shelf[T], documents: Iterable[Document], read: Callable[[str, Node], T | None]) -> None:
    """Read and shelve; documents without a name of their own come last, so that they take nobody's name."""
    for document in sorted(documents, key=lambda each: not each.is_named):
        shelf.put(document, read(document.name, document.properties))


def _documents(folder: str, documents: Mapping[str, str], findings: Findings) -> list[Document]:
    files = sorted(file for file in documents if file.startswith(f"{folder}/"))
    return [read_document(file, documents[file], findings) for file in files]


def _tell_elsewhere(documents: Mapping[str, str], findings: Findings) -> None:
    for file in sorted(documents):
        if file.partition("/")[0] not in FOLDERS or "/" not in file:
            findings.notice(file, f"not read; definitions are in {', '.join(f'{folder}/' for folder in FOLDERS)}")
