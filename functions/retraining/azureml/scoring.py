"""Which kind of scoring web service an `updateResourceEndpoint` is: told by its URL."""

from urllib.parse import urlsplit

from functions.retraining.core.definitions import AzureMLLinkedService, UpdateResourceActivity
from functions.retraining.core.ports import ModelLinks, ScoringService

from .credentials import Identity, credential_for
from .pipeline import PipelineService, keyed_service, token_service
from .scoring_arm import ArmScoringService
from .scoring_classic import ClassicScoringService

ARM_PROVIDER = "/providers/microsoft.machinelearning/webservices/"


def is_resource_manager(url: str) -> bool:
    """Whether this `updateResourceEndpoint` is a web service of the Resource Manager kind."""
    return ARM_PROVIDER in f"{urlsplit(url).path.lower()}/"


def scoring_service(activity: UpdateResourceActivity, links: ModelLinks, identity: Identity) -> ScoringService:
    """The client for the activity's scoring web service."""
    linked_service = activity.linked_service
    if is_resource_manager(linked_service.update_resource_endpoint or ""):
        return ArmScoringService(activity, _resource_manager(linked_service, identity), links)
    return ClassicScoringService(activity, keyed_service(linked_service.api_key), links)


def _resource_manager(linked_service: AzureMLLinkedService, identity: Identity) -> PipelineService:
    """Tokens are asked for the endpoint's own host, so that it may be any cloud's."""
    parts = urlsplit(linked_service.update_resource_endpoint or "")
    return token_service(
        lambda: credential_for(linked_service.service_principal, identity), f"{parts.scheme}://{parts.netloc}/.default"
    )
