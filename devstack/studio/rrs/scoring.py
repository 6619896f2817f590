"""Score the rows of the call that is being answered: the same for both kinds of scoring web service."""

from typing import TYPE_CHECKING, Final

from flask import Response, request

from devstack.studio.answers import json_answer
from devstack.studio.blob_reference import BlobReference
from devstack.studio.cloud import cloud
from devstack.studio.errors import Refusal
from devstack.studio.rrs.score_request import read_table, swagger_answer, table_answer

if TYPE_CHECKING:
    from devstack.studio.training.ilearner import TrainedModel

_INPUT: Final = "input1"
_OUTPUT: Final = "output1"


def scored(location: BlobReference) -> Response:
    """The answer, by the model at `location`. Raises Refusal: no model there, or rows that do not fit it."""
    as_swagger = request.args.get("format", "").lower() == "swagger"
    model = cloud().model_cache.load(location)
    table = read_table(request.get_data(), _INPUT, as_swagger=as_swagger)
    scores = _scores(model, table.records())
    if as_swagger:
        return json_answer({"Results": {_OUTPUT: swagger_answer(table, scores)}})
    with_details = request.args.get("details", "").lower() == "true"
    return json_answer({"Results": {_OUTPUT: table_answer(table, scores, with_details=with_details)}})


def _scores(model: "TrainedModel", records: list[dict[str, str]]) -> list[tuple[str, float]]:
    from devstack.studio.training.faults import TrainingFault  # noqa: PLC0415 - its package is loaded late

    try:
        return model.score(records)
    except TrainingFault as fault:
        raise Refusal("InputParseError", str(fault)) from fault
