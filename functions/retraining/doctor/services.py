"""The web services with the keys given: asked for a job that never was, and for the endpoint as it is. Harmless calls.

An unknown job is 404 with a right key and 401 with a wrong one: docs/wire/studio.md, where it says what is assumed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from functions.retraining.adf.findings import Unset
from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.pipeline import keyed_service
from functions.retraining.azureml.scoring import scoring_service
from functions.retraining.core.blobs import BlobLocation, Model
from functions.retraining.core.definitions import AzureMLLinkedService, Pipeline, UpdateResourceActivity
from functions.retraining.core.errors import NotFound, ServiceError
from functions.retraining.storage.access import Identity
from functions.retraining.storage.references import StorageReferences

from .finding import Finding
from .refusals import to_do_about
from .service_hosts import SERVICES, host_in

MADE_UP_JOB = "0" * 32
MADE_UP_MODEL = Model(container="doctor", name="none.ilearner", archived_at=datetime(2000, 1, 1, tzinfo=UTC))
ADDRESS_IS_WRONG = frozenset(
    {"WorkspaceNotFound", "WebServiceNotFound", "WebServiceIdNotFoundInWorkspace", "ModelPackageNotFound"}
)
"""The codes of a 404 that is not about the job: azure-docs, web-service-error-codes.md."""


class _NoLinks:
    """Keeps the promises of `core.ports.ModelLinks` for a model that is nowhere: it is only asked about, never sent."""

    def address(self, model: Model) -> str:
        return f"https://doctor.invalid/{model.path}"

    def link(self, model: Model) -> BlobLocation:
        message = f"{model.path} is made up: it must not be sent to a service"
        raise LookupError(message)


def examine_services(
    pipelines: tuple[Pipeline, ...], identity: Identity, silent_hosts: frozenset[str]
) -> Iterator[Finding]:
    """Each pipeline's training web service, and the scoring web service of each update resource activity.

    A service at one of the `silent_hosts` is not asked: that the host gives no answer was told already.
    """
    for pipeline in pipelines:
        yield _training(pipeline, identity, silent_hosts)
        for activity in pipeline.update_resources:
            yield _scoring(activity, identity, silent_hosts)


def _training(pipeline: Pipeline, identity: Identity, silent_hosts: frozenset[str]) -> Finding:
    linked_service = pipeline.batch_execution.linked_service
    subject = f"training {linked_service.name}"
    hindrance = _hindrance(linked_service, linked_service.ml_endpoint, silent_hosts)
    if hindrance:
        return SERVICES.notice(subject, f"was not tried: {hindrance}")
    service = keyed_service(linked_service.api_key)
    try:
        ClassicBatchExecution(pipeline, service, StorageReferences(identity)).get(MADE_UP_JOB)
    except NotFound as error:
        if error.code in ADDRESS_IS_WRONG:
            return SERVICES.problem(subject, str(error), to_do_about(error))
    except ServiceError as error:
        return SERVICES.problem(subject, str(error), to_do_about(error))
    return SERVICES.ok(subject, "takes the key, and says of a made-up job that it knows none such")


def _scoring(activity: UpdateResourceActivity, identity: Identity, silent_hosts: frozenset[str]) -> Finding:
    linked_service = activity.linked_service
    subject = f"scoring {linked_service.name}"
    hindrance = _hindrance(linked_service, linked_service.update_resource_endpoint or Unset(), silent_hosts)
    if hindrance:
        return SERVICES.notice(subject, f"was not tried: {hindrance}")
    try:
        seen = scoring_service(activity, _NoLinks(), identity).read(MADE_UP_MODEL)
    except ServiceError as error:
        return SERVICES.problem(subject, str(error), to_do_about(error))
    serving = seen.serving or "no model"
    return SERVICES.ok(subject, f"lets itself be read, and serves {serving} as {activity.trained_model_name!r}")


def _hindrance(linked_service: AzureMLLinkedService, address: str, silent_hosts: frozenset[str]) -> str:
    """Why the service cannot be asked; empty if it can."""
    principal = linked_service.service_principal
    secrets = [linked_service.api_key, *([principal.key] if principal else [])]
    if any(isinstance(text, Unset) or not text for text in [address, *(each.reveal() for each in secrets)]):
        return "its address or key is not known here"
    return "its host gives no answer" if host_in(address) in silent_hosts else ""
