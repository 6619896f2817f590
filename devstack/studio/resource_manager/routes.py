"""The Resource Manager over HTTP: one web service, its keys, and the operations that its updates are."""

import uuid
from typing import Final

from flask import Blueprint, Response, request

from devstack.studio.answers import json_answer
from devstack.studio.cloud import cloud
from devstack.studio.faults import FaultKind
from devstack.studio.provenance import documented
from devstack.studio.resource_manager.access import PREVIEW, authorized
from devstack.studio.resource_manager.operation import Operation
from devstack.studio.resource_manager.patch_request import read_patch
from devstack.studio.resource_manager.refusals import ArmRefusal, not_found, read_only
from devstack.studio.resource_manager.resource_group import ResourceGroup
from devstack.studio.resource_manager.views import full_view, operation_view, sparse_view

arm = Blueprint("arm", __name__, url_prefix="/subscriptions/<subscription>")

_WEB_SERVICE: Final = "/resourceGroups/<group>/providers/Microsoft.MachineLearning/webServices/<name>"
_OPERATION: Final = "/providers/Microsoft.MachineLearning/locations/<location>/operationsStatus/<operation_id>"


@arm.get(_WEB_SERVICE)
@documented("azure-rest-api-specs webservices.json and getWebService.json; azure-powershell session records")
def get_web_service(subscription: str, group: str, name: str) -> Response:
    """The web service with its whole definition, but for keys and credentials."""
    found = _web_service(subscription, group, name, "read")
    for operation in found.under_way():
        operation.count_call()
    return json_answer(full_view(found, cloud().settings.resource_manager, request.host_url.rstrip("/")))


@arm.patch(_WEB_SERVICE)
@documented("azure-powershell session records (TestUpdateWebService.json); what is refused is in part ours")
def patch_web_service(subscription: str, group: str, name: str) -> Response:
    """Begin an update: 200 with a sparse body, and where to ask how it goes on."""
    found, settings = _web_service(subscription, group, name, "write"), cloud().settings
    service, manager = found.web_service, settings.resource_manager
    required = request.args["api-version"] == PREVIEW
    patch = read_patch(request.get_data(), location=service.location, location_required=required)
    if manager.read_only or service.is_read_only:
        raise read_only(service.name)
    fails = cloud().faults.strike("arm.patch_web_service", {FaultKind.OPERATION_FAILS})
    operation = found.update(patch, manager, after_gets=settings.patch_takes_effect_after_gets, fails=fails)
    answer = json_answer(sparse_view(found))
    answer.headers["Azure-AsyncOperation"] = _operation_url(found, operation)
    answer.headers["Azure-AsyncOperationPercentComplete"] = "0"
    return answer


@arm.get(f"{_WEB_SERVICE}/listKeys")
@documented("azure-rest-api-specs webservices.json: a GET")
def list_keys(subscription: str, group: str, name: str) -> Response:
    """The keys that scoring takes."""
    service = _web_service(subscription, group, name, "listKeys/action").web_service
    return json_answer({"primary": service.primary_key, "secondary": service.secondary_key})


@arm.get(_OPERATION)
@documented("azure-powershell session records: the field is `status`, percentComplete goes from 0 to 1")
def operation_status(subscription: str, location: str, operation_id: str) -> Response:
    """How an update stands."""
    found = authorized(subscription, "locations/operationsStatus/read")
    operation = found.operation(operation_id)
    if operation is None or location.lower() != _place(found):
        message = f"No operation {operation_id} in {location}."
        raise ArmRefusal(404, "OperationNotFound", message)
    if request.args.get("s", "") != found.signature(operation):
        message = "The operation's URL is signed, and has to be asked for as it was given."
        raise ArmRefusal(403, "OperationSignatureInvalid", message)
    operation.count_call()
    path = _operation_path(found, operation)
    return json_answer(operation_view(path, operation, cloud().settings.resource_manager))


@arm.after_request
def number_the_answer(answer: Response) -> Response:
    """The headers that every recorded answer has."""
    correlation = str(uuid.uuid4())
    kind = "reads" if request.method == "GET" else "writes"
    answer.headers["x-ms-correlation-request-id"] = correlation
    answer.headers["x-ms-routing-request-id"] = f"LOCAL:{correlation}"
    answer.headers["x-ms-request-duration"] = "00:00:00.0100000"
    answer.headers[f"x-ms-ratelimit-remaining-subscription-{kind}"] = "1199"
    return answer


def _web_service(subscription: str, group: str, name: str, action: str) -> ResourceGroup:
    scope = (
        f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearning/webServices/{name}"
    )
    found = authorized(subscription, f"webServices/{action}", scope)
    if group.lower() != found.name.lower():
        raise ArmRefusal(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")
    if name.lower() != found.web_service.name.lower():
        raise not_found(name)
    return found


def _place(group: ResourceGroup) -> str:
    return group.web_service.location.replace(" ", "").lower()


def _operation_path(group: ResourceGroup, operation: Operation) -> str:
    provider = f"/subscriptions/{group.subscription_id}/providers/Microsoft.MachineLearning"
    return f"{provider}/locations/{_place(group)}/operationsStatus/{operation.id}"


def _operation_url(group: ResourceGroup, operation: Operation) -> str:
    version = request.args["api-version"]
    url = f"{request.host_url.rstrip('/')}{_operation_path(group, operation)}?api-version={version}"
    signature = group.signature(operation)
    # The form of today's Resource Manager: time in ticks, certificate, signature.
    ticks = int(operation.started_at.timestamp() * 10_000_000) + 621_355_968_000_000_000
    return f"{url}&t={ticks}&c=MIIrelearnerlocalcertificate&s={signature}" if signature else url
