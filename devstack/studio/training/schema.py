"""What a row of labeled examples consists of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devstack.studio.training.faults import TrainingFault

Matrix = NDArray[np.float64]

MOST_CATEGORIES: Final = 1000
MOST_CLASSES: Final = 100
CHUNK_ROWS: Final = 4096
MISSING_CATEGORY: Final = -1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """A column to learn from: numeric, or nominal with its categories."""

    name: str
    categories: tuple[str, ...] | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.categories is None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: `values` has a column per feature (nominal ones as the category's index), `labels` the texts."""

    values: Matrix
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Examples:
    """A stream of labeled examples: the columns are known, the rows come in chunks, once."""

    features: tuple[Feature, ...]
    label: str
    chunks: Iterator[Chunk]

    def __post_init__(self) -> None:
        if not self.features:
            raise TrainingFault("The examples have a label column only: there is nothing to learn from.")


def check_finite(values: Matrix, features: tuple[Feature, ...], first_row: int) -> None:
    """Raise TrainingFault for the first infinite number, naming data row (from 1) and column."""
    rows, columns = np.nonzero(np.isinf(values))
    if rows.size:
        column = features[int(columns[0])].name
        raise TrainingFault(f"Data row {first_row + int(rows[0])}: column {column!r} is infinite.")
