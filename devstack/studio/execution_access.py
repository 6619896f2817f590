"""Who may call BES and RRS, and with which api-version: the same for both."""

from typing import Final

from flask import request

from devstack.studio.cloud import cloud
from devstack.studio.errors import Refusal
from devstack.studio.workspace import Endpoint, WebService

API_VERSION: Final = "2.0"


def execution_access(
    workspace_id: str, endpoint_id: str, *, version_may_be_absent: bool = False
) -> tuple[WebService, Endpoint]:
    """The endpoint a call names, if its key and api-version are right.

    Raises Refusal: WorkspaceNotFound or WebServiceNotFound, ScoreRequestUnauthorized, BadVersionCall; in this order.
    """
    workspace = cloud().workspace
    if workspace.id != workspace_id:
        raise Refusal("WorkspaceNotFound")
    found = workspace.by_endpoint_id(endpoint_id)
    if found is None:
        raise Refusal("WebServiceNotFound")
    if not found[1].accepts(bearer_key()):
        raise Refusal("ScoreRequestUnauthorized")
    if not (version_may_be_absent and "api-version" not in request.args):
        check_version()
    return found


def check_version() -> None:
    """Raises Refusal BadVersionCall unless the call has the one api-version that execution takes."""
    version = request.args.get("api-version")
    if version != API_VERSION:
        raise Refusal("BadVersionCall", version or "(none)")


def bearer_key() -> str:
    """The key in the Authorization header; the scheme's case does not matter (azureml 0.2.7 sends `bearer`)."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
