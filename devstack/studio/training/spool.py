"""Rows on disk: parsed once, then read as often as the learner likes, a block at a time.

Neither the blob nor its rows are ever wholly in memory, however large the file is.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.schema import MOST_CLASSES, Chunk, Examples, Matrix

BLOCK_ROWS: Final = 256
BLOCKS_AT_A_TIME: Final = 16
HELD_OUT_EVERY: Final = 5
FEWEST_ROWS_TO_HOLD_OUT: Final = 50

Labels = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Spool:
    """The rows of some examples in a temporary file: the features' values and the label's code in each row.

    A context manager: leaving it throws the file away.
    """

    def __init__(self, examples: Examples) -> None:
        self._width = len(examples.features) + 1
        self._codes: dict[str, int] = {}
        self._file = tempfile.TemporaryFile(prefix="relearner-examples-")  # noqa: SIM115 - closed by __exit__
        self.rows = 0
        for chunk in examples.chunks:
            self._append(chunk)
        self._file.flush()
        self.classes = tuple(sorted(self._codes))
        self._order = np.array([self.classes.index(name) for name in self._codes], dtype=np.int64)

    @property
    def holds_out(self) -> bool:
        """Whether every fifth row is kept for the evaluation: only where there are 50 rows or more."""
        return self.rows >= FEWEST_ROWS_TO_HOLD_OUT

    def training_rows(self, order: np.random.Generator | None = None) -> Iterator[tuple[Matrix, Labels]]:
        """The rows to learn from, some thousand at a time: in order, or in blocks shuffled by a generator."""
        starts = np.arange(0, self.rows, BLOCK_ROWS)
        if order is not None:
            order.shuffle(starts)
        return self._parts(starts, lambda held_out: ~held_out)

    def evaluation_rows(self) -> Iterator[tuple[Matrix, Labels]]:
        """The rows held out, some thousand at a time; all rows if none are."""
        starts = np.arange(0, self.rows, BLOCK_ROWS)
        return self._parts(starts, lambda held_out: held_out if self.holds_out else np.ones_like(held_out))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _parts(self, starts: Labels, choose: Callable[[Mask], Mask]) -> Iterator[tuple[Matrix, Labels]]:
        # Many blocks in one part: a call of scikit-learn costs as much as some hundred rows.
        for part in itertools.batched(starts, BLOCKS_AT_A_TIME, strict=False):
            values, labels, held_out = (np.concatenate(pieces) for pieces in zip(*map(self._block, part), strict=True))
            chosen = choose(held_out)
            if chosen.any():
                yield values[chosen], labels[chosen]

    def _append(self, chunk: Chunk) -> None:
        labels = [self._codes.setdefault(label, len(self._codes)) for label in chunk.labels]
        if len(self._codes) > MOST_CLASSES:
            raise TrainingFault(f"The label has more than {MOST_CLASSES} different values: this is no classification.")
        rows = np.column_stack([chunk.values, np.array(labels, dtype=np.float64)])
        self._file.write(rows.tobytes())
        self.rows += len(labels)

    def _block(self, start: np.int64) -> tuple[Matrix, Labels, Mask]:
        size = 8 * self._width
        self._file.seek(int(start) * size)
        rows = np.frombuffer(self._file.read(BLOCK_ROWS * size), dtype=np.float64).reshape(-1, self._width)
        numbers = np.arange(start, start + len(rows))
        held_out = (numbers % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) & self.holds_out
        return rows[:, :-1], self._order[rows[:, -1].astype(np.int64)], held_out
