"""One way of learning for any size of file: a scikit-learn pipeline fitted block by block, always with one result.

Numbers are scaled and missing ones become the mean, nominal values are one-hot encoded, a linear classifier with
logistic loss learns by stochastic gradient descent over shuffled blocks.
"""

from typing import Any, Final

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.ilearner import TrainedModel
from devstack.studio.training.moments import Moments
from devstack.studio.training.schema import Examples, Feature
from devstack.studio.training.spool import Spool

SEED: Final = 20160213
# A small file is read more often: so many rows seen in all, within these bounds.
_ROWS_TO_SEE: Final = 40_000
_FEWEST_PASSES: Final = 3
_MOST_PASSES: Final = 60


def train(examples: Examples) -> TrainedModel:
    """Learn from a stream of examples. Raises TrainingFault when they cannot be learned from."""
    with Spool(examples) as spool:
        _check(spool)
        transformer = _fitted_transformer(examples.features, spool)
        classifier, trained_rows = _fitted_classifier(transformer, spool)
        pipeline = Pipeline([("columns", transformer), ("classifier", classifier)])
        return TrainedModel(
            features=examples.features,
            label=examples.label,
            classes=spool.classes,
            rows=spool.rows,
            trained_rows=trained_rows,
            accuracy=_accuracy(pipeline, spool),
            evaluated_on="held-out rows" if spool.holds_out else "training rows",
            pipeline=pipeline,
        )


def _check(spool: Spool) -> None:
    if spool.rows == 0:
        raise TrainingFault("The examples are empty: there is not a single row.")
    if len(spool.classes) < 2:
        raise TrainingFault(f"All labels are {spool.classes[0]!r}: with one class only there is nothing to tell apart.")


def _fitted_transformer(features: tuple[Feature, ...], spool: Spool) -> Any:  # noqa: ANN401 - sklearn has no types
    numeric = [at for at, feature in enumerate(features) if feature.is_numeric]
    nominal = [at for at, feature in enumerate(features) if not feature.is_numeric]
    typical = np.zeros((2, len(features)))
    if numeric:
        moments = Moments(len(numeric))
        for values, _ in spool.training_rows():
            moments.add(values[:, numeric])
        typical[:, numeric] = moments.typical_rows()
    parts = [("numeric", _numeric_part(), numeric), ("nominal", _nominal_part(features, nominal), nominal)]
    return ColumnTransformer([part for part in parts if part[2]], sparse_threshold=0.0).fit(typical)


def _numeric_part() -> Any:  # noqa: ANN401 - sklearn has no types
    # After scaling zero is the mean, so a missing value becomes the mean.
    fill = SimpleImputer(strategy="constant", fill_value=0.0, keep_empty_features=True)
    return Pipeline([("scale", StandardScaler()), ("fill", fill)])


def _nominal_part(features: tuple[Feature, ...], nominal: list[int]) -> Any:  # noqa: ANN401 - sklearn has no types
    categories = [np.arange(float(len(features[at].categories or ()))) for at in nominal]
    return OneHotEncoder(categories=categories, handle_unknown="ignore", sparse_output=False)


def _fitted_classifier(transformer: Any, spool: Spool) -> tuple[Any, int]:  # noqa: ANN401 - sklearn has no types
    classifier = SGDClassifier(loss="log_loss", alpha=1e-3, average=True, random_state=SEED)
    codes = np.arange(len(spool.classes))
    shuffled = np.random.default_rng(SEED)
    passes = min(max(_ROWS_TO_SEE // spool.rows, _FEWEST_PASSES), _MOST_PASSES)
    seen = 0
    for _ in range(passes):
        for values, labels in spool.training_rows(shuffled):
            classifier.partial_fit(transformer.transform(values), labels, classes=codes)
            seen += len(labels)
    return classifier, seen // passes


def _accuracy(pipeline: Any, spool: Spool) -> float:  # noqa: ANN401 - sklearn has no types
    right = total = 0
    for values, labels in spool.evaluation_rows():
        right += int((pipeline.predict(values) == labels).sum())
        total += len(labels)
    return right / total
