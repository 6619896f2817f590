"""RRS over HTTP: score rows with whatever model the endpoint's resource points to now."""

from flask import Blueprint, Response

from devstack.studio.errors import Refusal
from devstack.studio.execution_access import execution_access
from devstack.studio.provenance import documented
from devstack.studio.rrs.scoring import scored

rrs = Blueprint("rrs", __name__, url_prefix="/workspaces/<workspace_id>/services/<endpoint_id>")


@rrs.post("/execute")
@documented("azure-docs consume-web-services.md; azmlclient 2.6.0 base.py: `type` is `table`")
def execute(workspace_id: str, endpoint_id: str) -> Response:
    """Score rows: `details=true` for names and types, `format=swagger` for rows as objects."""
    _, endpoint = execution_access(workspace_id, endpoint_id)
    if not endpoint.resources:
        # azure-docs, retrain-classic-web-service.md: RRS cannot produce trained models.
        raise Refusal("OperationNotSupported", "A training web service cannot be scored with.")
    return scored(endpoint.resources[0].location)
