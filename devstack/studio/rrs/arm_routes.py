"""RRS of web services of the Resource Manager kind: their execution URL names the subscription."""

from flask import Blueprint, Response

from devstack.studio.cloud import cloud
from devstack.studio.errors import Refusal
from devstack.studio.execution_access import bearer_key, check_version
from devstack.studio.provenance import documented
from devstack.studio.resource_manager.assets import UnreadableModel
from devstack.studio.rrs.scoring import scored

arm_rrs = Blueprint("arm_rrs", __name__, url_prefix="/subscriptions/<subscription>/services/<service_id>")


@arm_rrs.post("/execute")
@documented("azure-docs dedicated-capacity-for-bes-jobs.md for the URL; the rest as at `rrs.execute`")
def execute(subscription: str, service_id: str) -> Response:
    """Score rows with the model that the web service's trained model asset points to now."""
    group = cloud().resource_group
    service = group.web_service
    named = (subscription.lower(), service_id.lower())
    if named != (group.subscription_id.replace("-", ""), service.id):
        raise Refusal("WebServiceNotFound")
    if not service.accepts(bearer_key()):
        raise Refusal("ScoreRequestUnauthorized")
    check_version()
    try:
        model = service.model
    except UnreadableModel as error:
        raise Refusal("ModelPackageNotFound") from error
    return scored(model)
