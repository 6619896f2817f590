"""The classic scoring web service: update resource on one non-default endpoint."""

from azure.core.rest import HttpRequest

from functions.retraining.core.blobs import Model
from functions.retraining.core.definitions import UpdateResourceActivity
from functions.retraining.core.observed import ScoringSeen, UpdateSeen
from functions.retraining.core.ports import ModelLinks

from .answers import expect_success
from .pipeline import Service
from .scoring_classic_wire import decode_endpoint, patch_body


class ClassicScoringService:
    """Keeps the promises of `core.ports.ScoringService`."""

    def __init__(self, activity: UpdateResourceActivity, service: Service, links: ModelLinks) -> None:
        self._name = activity.trained_model_name
        self._url = (activity.linked_service.update_resource_endpoint or "").strip()
        self._service = service
        self._links = links

    def read(self, model: Model) -> ScoringSeen:
        """What the endpoint names as its trained model, and whether that is `model`."""
        what = "get the scoring endpoint"
        answer = expect_success(what, self._service.call(what, HttpRequest("GET", self._url)))
        return decode_endpoint(what, answer, self._name, model)

    def send(self, model: Model) -> str | None:
        """Point the endpoint's resource at `model`. Any 2xx is a yes: the service's success code is not documented."""
        what = "update the scoring endpoint's resource"
        request = HttpRequest("PATCH", self._url, json=patch_body(self._name, self._links.link(model)))
        expect_success(what, self._service.call(what, request))
        return None

    def follow(self, operation: str) -> UpdateSeen:
        """Nothing to follow: `send` gives no operation, the endpoint itself says what it serves."""
        message = f"a classic endpoint has no operation to follow, such as {operation}"
        raise LookupError(message)
