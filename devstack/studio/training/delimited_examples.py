"""Labeled examples as CSV or TSV with a header row: the last column is the label.

A delimited file does not say which columns are numbers. So it is read twice: once for what the columns are, once for
their values, both in chunks.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final

import numpy as np
import pandas as pd

from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.schema import (
    CHUNK_ROWS,
    MOST_CATEGORIES,
    Chunk,
    Examples,
    Feature,
    Matrix,
    check_finite,
)

_MISSING: Final = ["", "?", "NA", "NaN", "nan"]


def read_delimited(reopen: Callable[[], IO[str]], separator: str, *, has_header: bool) -> Examples:
    """Read the columns' kinds now and the rows as they are asked for; `reopen` gives the text from its start.

    Raises TrainingFault for text that is no table, naming line or row.
    """
    columns: list[_Column] = []
    for table in _tables(reopen, separator, has_header=has_header, kinds=str):
        columns = columns or [_Column(name) for name in table.columns]
        for at, column in enumerate(columns[:-1]):
            column.learn(table.iloc[:, at])
    if not columns:
        raise TrainingFault("The examples are empty: there is not even a header row.")
    features = tuple(column.feature() for column in columns[:-1])
    kinds = {column.header: np.float64 if column.is_numeric else str for column in columns[:-1]}
    tables = _tables(reopen, separator, has_header=has_header, kinds={**kinds, columns[-1].header: str})
    return Examples(features, str(columns[-1].header), _chunks(tables, features))


class _Column:
    """What is known of a column so far: its different texts, as long as they are few, and whether all are numbers."""

    def __init__(self, header: Any) -> None:  # noqa: ANN401 - text, or a number where there is no header row
        self.header = header
        self.name = str(header)
        self._texts: set[str] | None = set()
        self.is_numeric = True

    def learn(self, values: "pd.Series[str]") -> None:
        present = values.dropna()
        strangers = present[pd.to_numeric(present, errors="coerce").isna()]
        if len(strangers):
            self._meet(strangers)
        if self._texts is not None:
            self._texts.update(present.unique())
            self._forget_if_many()

    def feature(self) -> Feature:
        if self.is_numeric:
            return Feature(self.name)
        return Feature(self.name, tuple(sorted(self._texts or ())))

    def _meet(self, strangers: "pd.Series[str]") -> None:
        if self._texts is None:
            row = int(strangers.index[0]) + 1
            raise TrainingFault(f"Data row {row}: column {self.name!r} is numeric, but says {strangers.iloc[0]!r}.")
        self.is_numeric = False

    def _forget_if_many(self) -> None:
        if self._texts is None or len(self._texts) <= MOST_CATEGORIES:
            return
        if not self.is_numeric:
            raise TrainingFault(
                f"Column {self.name!r} has more than {MOST_CATEGORIES} different texts: "
                "it is neither numeric nor nominal."
            )
        self._texts = None


def _tables(
    reopen: Callable[[], IO[str]], separator: str, *, has_header: bool, kinds: type[str] | Mapping[Any, type]
) -> Iterator[pd.DataFrame]:
    with reopen() as text, warnings.catch_warnings():
        # A row longer than the header would only be warned of, and cut.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            yield from pd.read_csv(
                text,
                sep=separator,
                header=0 if has_header else None,
                index_col=False,
                dtype=kinds,
                keep_default_na=False,
                na_values=_MISSING,
                skipinitialspace=True,
                chunksize=CHUNK_ROWS,
            )
        except pd.errors.EmptyDataError as error:
            raise TrainingFault("The examples are empty.") from error
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            raise TrainingFault(f"This is not a table: {str(error).strip()}") from error


def _chunks(tables: Iterator[pd.DataFrame], features: tuple[Feature, ...]) -> Iterator[Chunk]:
    for table in tables:
        if table.empty:
            return
        first_row = int(table.index[0]) + 1
        columns = [_values(feature, table.iloc[:, at]) for at, feature in enumerate(features)]
        values = np.column_stack(columns) if columns else np.empty((len(table), 0))
        check_finite(values, features, first_row)
        yield Chunk(values, _labels(table.iloc[:, -1]))


def _values(feature: Feature, texts: "pd.Series[str]") -> Matrix:
    if feature.categories is None:
        return np.asarray(texts, dtype=np.float64)
    # A missing text gets the code -1, which is MISSING_CATEGORY.
    codes: Any = pd.Categorical(texts, categories=list(feature.categories)).codes
    return np.asarray(codes, dtype=np.float64)


def _labels(texts: "pd.Series[str]") -> list[str]:
    missing = texts.index[texts.isna()]
    if len(missing):
        raise TrainingFault(f"Data row {int(missing[0]) + 1}: the label is missing.")
    return [str(text) for text in texts]
