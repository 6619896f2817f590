"""Which kind of scoring web service an `updateResourceEndpoint` is: told by its URL."""

from collections.abc import Callable
from urllib.parse import urlsplit

from functions.retraining.core.blobs import BlobLocation, Model
from functions.retraining.core.definitions import UpdateResourceActivity
from functions.retraining.core.errors import Fault

from .pipeline import KeyedService
from .scoring_classic import ClassicScoringService

ARM_PROVIDER = "/providers/microsoft.machinelearning/webservices/"


def scoring_faults(activity: UpdateResourceActivity) -> tuple[Fault, ...]:
    """What keeps this app from updating that web service."""
    url = activity.linked_service.update_resource_endpoint or ""
    if ARM_PROVIDER not in f"{urlsplit(url).path.lower()}/":
        return ()
    problem = "updateResourceEndpoint is an Azure Resource Manager web service; only classic ones are supported yet"
    return (Fault(f"linked service {activity.linked_service.name}", problem),)


def scoring_service(activity: UpdateResourceActivity, link: Callable[[Model], BlobLocation]) -> ClassicScoringService:
    """The client for the activity's scoring web service."""
    return ClassicScoringService(activity, KeyedService(activity.linked_service.api_key), link)
