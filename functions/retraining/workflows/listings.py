"""What lies in the watched places: each listed once in a sweep, however many pipelines watch it."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import BlobDataset, Pipeline
from functions.retraining.core.errors import RelearnerError

from .app import PipelineServices

type Place = tuple[str, str]
"""A container, and what the names of the blobs begin with."""


class Listings:
    """The Lists of one sweep. What several pipelines watch is kept until the last of them has seen it.

    A place that only one pipeline watches is handed on as it is read, never held whole. One that cannot be listed is
    not asked for again: each who wants it gets the same error.
    """

    def __init__(self, under: Callable[[str, str], Iterable[BlobVersion]], pipelines: Iterable[Pipeline]) -> None:
        self._under = under
        self._watchers = Counter(place_of(dataset) for pipeline in pipelines for dataset in _watched(pipeline))
        self._kept: dict[Place, Callable[[], Iterable[BlobVersion]]] = {}

    def of(self, dataset: BlobDataset) -> Iterable[BlobVersion]:
        """Every blob that may be the dataset's. Raises RelearnerError, if not here then while it is gone through."""
        place = place_of(dataset)
        self._watchers[place] -= 1
        if self._watchers[place] > 0 and place not in self._kept:
            self._kept[place] = self._listed(place)
        if self._watchers[place] > 0:
            return self._kept[place]()
        return self._kept.pop(place, partial(self._under, *place))()

    def _listed(self, place: Place) -> Callable[[], Iterable[BlobVersion]]:
        try:
            found = tuple(self._under(*place))
        except RelearnerError as error:
            return partial(_raise, error)
        return lambda: found


def place_of(dataset: BlobDataset) -> Place:
    """Where the dataset's blobs lie."""
    return dataset.container, dataset.fixed_prefix


def by_place(pipelines: Iterable[PipelineServices]) -> list[list[PipelineServices]]:
    """The pipelines that watch the same places side by side, so that no List is kept for longer than they need it."""
    ordered = sorted(pipelines, key=_places)
    return [list(group) for _, group in groupby(ordered, key=_places)]


def _places(services: PipelineServices) -> list[Place]:
    return sorted(place_of(dataset) for dataset in services.pipeline.batch_execution.inputs)


def _watched(pipeline: Pipeline) -> tuple[BlobDataset, ...]:
    return (*pipeline.batch_execution.inputs, pipeline.trained_model)


def _raise(error: RelearnerError) -> Iterable[BlobVersion]:
    raise error
