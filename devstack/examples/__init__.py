"""Sample labeled examples, made from scikit-learn's bundled breast-cancer data: no download, always the same."""

from devstack.examples.breast_cancer import Sample, better_sample, held_out_sample, poor_sample

__all__ = ["Sample", "better_sample", "held_out_sample", "poor_sample"]
