"""Three samples of one data set: a poor one, a better one, and rows that neither of them has.

Breast Cancer Wisconsin (Diagnostic): 569 tumours, 30 measures each, malignant or benign.
"""

import csv
import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

SEED: Final = 20160213
LABEL: Final = "diagnosis"
CLASSES: Final = ("malignant", "benign")
_HELD_OUT_ROWS: Final = 150


@dataclass(frozen=True, slots=True)
class Sample:
    """Some rows: the features' names, their values, and the label of each row."""

    feature_names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    labels: tuple[str, ...]

    def to_arff(self, relation: str = "labeledexamples") -> str:
        """As ARFF: numeric attributes, the nominal label last."""
        names = [f"@ATTRIBUTE '{name}' NUMERIC" for name in self.feature_names]
        header = [f"@RELATION {relation}", "", *names, f"@ATTRIBUTE {LABEL} {{{','.join(CLASSES)}}}", "", "@DATA"]
        lines = (",".join([*map(repr, row), label]) for row, label in zip(self.rows, self.labels, strict=True))
        return "\n".join([*header, *lines]) + "\n"

    def to_csv(self) -> str:
        """As CSV with a header row, the label last."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*self.feature_names, LABEL])
        writer.writerows([*row, label] for row, label in zip(self.rows, self.labels, strict=True))
        return text.getvalue()

    def to_score(self) -> dict[str, Any]:
        """The body of a scoring call with these rows, without their labels."""
        values = [[repr(value) for value in row] for row in self.rows]
        return {
            "Inputs": {"input1": {"ColumnNames": list(self.feature_names), "Values": values}},
            "GlobalParameters": {},
        }

    def accuracy(self, scored: Sequence[str]) -> float:
        """The share of scored labels, in the rows' order, that are right (0 to 1)."""
        right = sum(label == truth for label, truth in zip(scored, self.labels, strict=True))
        return right / len(self.labels)


def better_sample() -> Sample:
    """All rows but the held-out ones: what a good model needs."""
    return _sample(_HELD_OUT_ROWS, None)


def held_out_sample() -> Sample:
    """150 rows that no model has seen: what models are compared on."""
    return _sample(None, _HELD_OUT_ROWS)


def poor_sample() -> Sample:
    """Thirteen rows of an unlucky start: a dozen benign tumours, and one malignant, the smallest of its kind."""
    rows = list(zip(better_sample().rows, better_sample().labels, strict=True))
    benign = [row for row in rows if row[1] == "benign"][:12]
    # The first measure is the mean radius.
    smallest = min((row for row in rows if row[1] == "malignant"), key=lambda row: row[0][0])
    chosen = [*benign[:6], smallest, *benign[6:]]
    names = better_sample().feature_names
    return Sample(names, tuple(row for row, _ in chosen), tuple(label for _, label in chosen))


@functools.cache
def _sample(first: int | None, last: int | None) -> Sample:
    # Loaded late: scikit-learn takes over a second.
    import numpy as np  # noqa: PLC0415
    from sklearn.datasets import load_breast_cancer  # noqa: PLC0415

    data: Any = load_breast_cancer()
    order = np.random.default_rng(SEED).permutation(len(data.target))[first:last]
    return Sample(
        feature_names=tuple(str(name) for name in data.feature_names),
        rows=tuple(tuple(float(value) for value in row) for row in data.data[order]),
        labels=tuple(CLASSES[target] for target in data.target[order]),
    )
