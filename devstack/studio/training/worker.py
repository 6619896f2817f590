"""The training process: one order per line on stdin, one answer per line on stdout. `python -m` this module.

It ends when its stdin does, so it cannot outlive the studio that started it.
"""

import json
import os
import sys
import traceback
from collections.abc import Mapping
from typing import IO, Any

from azure.core.exceptions import AzureError

from devstack.studio.blob_reference import BlobReference
from devstack.studio.training.evaluation import evaluation_csv
from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.ilearner import TrainedModel
from devstack.studio.training.learner import train
from devstack.studio.training.schema import Examples
from devstack.studio.training.sources import examples_in_blob, examples_in_text


def main() -> None:
    """Answer orders until stdin ends."""
    answers = _take_stdout()
    for line in sys.stdin:
        answers.write(json.dumps(carry_out(json.loads(line))) + "\n")
        answers.flush()


def carry_out(order: Mapping[str, Any]) -> dict[str, Any]:
    """Train and write what an order asks for; `{"model": facts}`, or `{"fault": why not}`.

    The order: `examples` as `{"reference": ...}` or `{"text": ..., "name": ...}`, `outputs` as a list of references:
    an `.ilearner` gets the model, a `.csv` its evaluation.
    """
    try:
        model = train(_examples(order["examples"]))
        for wire in order["outputs"]:
            _write(BlobReference.from_wire(wire), model)
    except TrainingFault as fault:
        return {"fault": str(fault)}
    except AzureError as error:
        return {"fault": f"Azure Storage refused: {str(error).splitlines()[0]}"}
    except Exception as error:
        # Whatever else the libraries raise on strange examples is the job's failure, not the end of this process.
        traceback.print_exc()
        return {"fault": f"The training module failed: {type(error).__name__}: {error}"}
    return {"model": _facts(model)}


def _take_stdout() -> IO[str]:
    # The answers' line is ours alone: whatever a library prints goes to stderr.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _examples(wire: Mapping[str, Any]) -> Examples:
    if "text" in wire:
        return examples_in_text(wire["text"], wire["name"])
    return examples_in_blob(BlobReference.from_wire(wire["reference"]))


def _write(output: BlobReference, model: TrainedModel) -> None:
    is_model = output.name.lower().endswith(".ilearner")
    content = model.to_bytes() if is_model else evaluation_csv(model).encode()
    with output.client() as client:
        client.upload_blob(content, overwrite=True)


def _facts(model: TrainedModel) -> dict[str, Any]:
    return {
        "rows": model.rows,
        "trained_rows": model.trained_rows,
        "classes": list(model.classes),
        "accuracy": model.accuracy,
        "evaluated_on": model.evaluated_on,
    }


if __name__ == "__main__":
    main()
