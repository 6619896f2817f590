"""Means and deviations of numeric columns, from rows that pass by once, with values missing."""

import numpy as np

from devstack.studio.training.schema import Matrix


class Moments:
    """Count, mean and squared deviations per column, merged block by block (Chan, Golub and LeVeque's rule).

    scikit-learn's own `StandardScaler.partial_fit` loses a column for good when its first block has no value in it.
    """

    def __init__(self, width: int) -> None:
        self._count = np.zeros(width)
        self._mean = np.zeros(width)
        self._squares = np.zeros(width)

    def add(self, values: Matrix) -> None:
        """Take in some rows; NaN is a missing value."""
        present = ~np.isnan(values)
        count = present.sum(axis=0)
        divisor = np.maximum(count, 1)
        mean = np.where(present, values, 0.0).sum(axis=0) / divisor
        squares = (np.where(present, values - mean, 0.0) ** 2).sum(axis=0)
        total = np.maximum(self._count + count, 1)
        gap = mean - self._mean
        self._squares += squares + gap**2 * self._count * count / total
        self._mean += gap * count / total
        self._count += count

    def typical_rows(self) -> Matrix:
        """Two rows, a deviation below the mean and one above: whatever is fitted on them has learned both."""
        deviation = np.sqrt(self._squares / np.maximum(self._count, 1))
        return np.vstack([self._mean - deviation, self._mean + deviation])
