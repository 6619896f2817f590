"""RRS over HTTP: score rows with whatever model the endpoint's resource points to now."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from devstack.studio.answers import json_answer
from devstack.studio.cloud import cloud
from devstack.studio.errors import Refusal
from devstack.studio.execution_access import execution_access
from devstack.studio.provenance import documented
from devstack.studio.rrs.score_request import read_table, swagger_answer, table_answer
from devstack.studio.workspace import Endpoint

if TYPE_CHECKING:
    from devstack.studio.training.ilearner import TrainedModel

rrs = Blueprint("rrs", __name__, url_prefix="/workspaces/<workspace_id>/services/<endpoint_id>")

_INPUT: Final = "input1"
_OUTPUT: Final = "output1"


@rrs.post("/execute")
@documented("azure-docs consume-web-services.md; azmlclient 2.6.0 base.py: `type` is `table`")
def execute(workspace_id: str, endpoint_id: str) -> Response:
    """Score rows: `details=true` for names and types, `format=swagger` for rows as objects."""
    _, endpoint = execution_access(workspace_id, endpoint_id)
    as_swagger = request.args.get("format", "").lower() == "swagger"
    model = _model(endpoint)
    table = read_table(request.get_data(), _INPUT, as_swagger=as_swagger)
    scores = _scores(model, table.records())
    if as_swagger:
        return json_answer({"Results": {_OUTPUT: swagger_answer(table, scores)}})
    with_details = request.args.get("details", "").lower() == "true"
    return json_answer({"Results": {_OUTPUT: table_answer(table, scores, with_details=with_details)}})


def _model(endpoint: Endpoint) -> "TrainedModel":
    if not endpoint.resources:
        # azure-docs, retrain-classic-web-service.md: RRS cannot produce trained models.
        raise Refusal("OperationNotSupported", "A training web service cannot be scored with.")
    return cloud().model_cache.load(endpoint.resources[0].location)


def _scores(model: "TrainedModel", records: list[dict[str, str]]) -> list[tuple[str, float]]:
    from devstack.studio.training.faults import TrainingFault  # noqa: PLC0415 - its package is loaded late

    try:
        return model.score(records)
    except TrainingFault as fault:
        raise Refusal("InputParseError", str(fault)) from fault
