"""The `.ilearner` file of the local studio: a trained model that says what it is, and runs no code when read.

Written with skops, which stores a tree of named types and arrays; reading refuses every type that is not on a short
list. (The real service's format is not public; this one is ours.)
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from skops import io as skops_io

from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.schema import MISSING_CATEGORY, Feature, Matrix

FORMAT: Final = "relearner ilearner"
SCHEMA: Final = 1
# Everything else in our models is of types that skops itself trusts (scikit-learn's estimators, numpy's arrays).
TRUSTED_TYPES: Final = ["numpy.dtype"]


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A fitted pipeline and what one must know to use it.

    `rows` is how many examples there were, `trained_rows` how many of them were learned from; `accuracy` (0 to 1) was
    measured on what `evaluated_on` says.
    """

    features: tuple[Feature, ...]
    label: str
    classes: tuple[str, ...]
    rows: int
    trained_rows: int
    accuracy: float
    evaluated_on: str
    pipeline: Any

    def to_bytes(self) -> bytes:
        """The content of the `.ilearner` file."""
        return bytes(skops_io.dumps({"format": FORMAT, "schema": SCHEMA, "model": self._content()}))

    @classmethod
    def from_bytes(cls, content: bytes) -> "TrainedModel":
        """Read an `.ilearner`. Raises TrainingFault for anything else, for a newer schema and for types not listed."""
        document = _document(content)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise TrainingFault("This is no .ilearner of the local studio: it does not say so.")
        if document.get("schema") != SCHEMA:
            raise TrainingFault(f"This .ilearner has schema {document.get('schema')!r}; schema {SCHEMA} is known.")
        try:
            return _model(document["model"])
        except (KeyError, TypeError) as error:
            raise TrainingFault(f"This .ilearner is damaged: {type(error).__name__}: {error}") from error

    def score(self, rows: Sequence[Mapping[str, str]]) -> list[tuple[str, float]]:
        """Label and probability per row. Raises TrainingFault for a missing column or a value that is no number.

        With two classes it is the probability of the second one in sorted order, as the service does it; with more
        that of the scored label.
        """
        if not rows:
            return []
        values = np.array([self._encoded(row) for row in rows], dtype=np.float64)
        probabilities: Matrix = self.pipeline.predict_proba(values)
        best = probabilities.argmax(axis=1)
        shown = np.ones_like(best) if len(self.classes) == 2 else best
        return [
            (self.classes[label], float(row[column]))
            for label, column, row in zip(best, shown, probabilities, strict=True)
        ]

    def _encoded(self, row: Mapping[str, str]) -> list[float]:
        missing = [feature.name for feature in self.features if feature.name not in row]
        if missing:
            raise TrainingFault(f"missing columns: {', '.join(missing)}")
        return [_number(feature, row[feature.name]) for feature in self.features]

    def _content(self) -> dict[str, Any]:
        return {
            "features": [
                {"name": f.name, "categories": None if f.categories is None else list(f.categories)}
                for f in self.features
            ],
            "label": self.label,
            "classes": list(self.classes),
            "rows": self.rows,
            "trained_rows": self.trained_rows,
            "accuracy": self.accuracy,
            "evaluated_on": self.evaluated_on,
            "pipeline": self.pipeline,
        }


def _document(content: bytes) -> Any:  # noqa: ANN401 - whatever a stranger's file holds
    try:
        return skops_io.loads(content, trusted=TRUSTED_TYPES)
    except (zipfile.BadZipFile, skops_io.exceptions.UntrustedTypesFoundException) as error:
        raise TrainingFault(f"This is no .ilearner of the local studio: {error}") from error
    except Exception as error:
        # What skops makes of a damaged file is not one kind of error.
        raise TrainingFault(f"This .ilearner is damaged: {type(error).__name__}: {error}") from error


def _model(content: Mapping[str, Any]) -> TrainedModel:
    features = tuple(
        Feature(f["name"], None if f["categories"] is None else tuple(f["categories"])) for f in content["features"]
    )
    return TrainedModel(**{**content, "features": features, "classes": tuple(content["classes"])})


def _number(feature: Feature, text: str) -> float:
    if feature.categories is not None:
        known = text in feature.categories
        return float(feature.categories.index(text)) if known else MISSING_CATEGORY
    if text in ("", "?"):
        return np.nan
    try:
        return float(text)
    except ValueError as error:
        raise TrainingFault(f"column {feature.name!r}: {text!r} is not a number") from error
