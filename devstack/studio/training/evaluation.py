"""The evaluation output: one header row, one row of figures."""

import csv
import io

from devstack.studio.training.ilearner import TrainedModel

COLUMNS = ("Accuracy", "Evaluated On", "Rows", "Trained Rows", "Classes")


def evaluation_csv(model: TrainedModel) -> str:
    """The figures of a model as CSV; `Evaluated On` says which rows the accuracy was measured on."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    figures = (f"{model.accuracy:.6f}", model.evaluated_on, model.rows, model.trained_rows)
    writer.writerow([*figures, "|".join(model.classes)])
    return text.getvalue()
