"""The scoring web service of the Resource Manager kind: its trained model is one asset of its definition."""

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from azure.core.rest import HttpRequest

from functions.retraining.core.blobs import Model
from functions.retraining.core.definitions import UpdateResourceActivity
from functions.retraining.core.errors import NotFound, PermanentError, ServiceError, TransientError
from functions.retraining.core.observed import ScoringSeen, UpdateSeen
from functions.retraining.core.ports import ModelLinks

from .answers import Answer, expect_success
from .pipeline import Service
from .scoring_arm_wire import WebService, decode_operation, decode_web_service, patch_body, scoring_seen

DEFAULT_API_VERSION = "2016-05-01-preview"
ASYNC_OPERATION = "azure-asyncoperation"


class ArmScoringService:
    """Keeps the promises of `core.ports.ScoringService`."""

    def __init__(self, activity: UpdateResourceActivity, service: Service, links: ModelLinks) -> None:
        self._name = activity.trained_model_name
        self._url, self._version = endpoint_of(activity.linked_service.update_resource_endpoint or "")
        self._service = service
        self._links = links

    def read(self, model: Model) -> ScoringSeen:
        """What the trained model's asset names, and whether that is `model`."""
        return scoring_seen("get the scoring web service", self._definition(), self._name, self._links.address(model))

    def send(self, model: Model) -> str | None:
        """Point the asset at `model`; the URL at which the service says how far it is."""
        body = patch_body(self._definition(), self._name, self._links.link(model))
        answer = self._call(
            "update the scoring web service", HttpRequest("PATCH", self._url, params=self._params, json=body)
        )
        return operation_of(self._url, answer.header(ASYNC_OPERATION))

    def follow(self, operation: str) -> UpdateSeen:
        """How far the update is. NotFound, and nothing sent, if the endpoint was moved to another host meanwhile."""
        what = "follow the scoring web service's update"
        if operation_of(self._url, operation) != operation:
            raise NotFound(what, "its operation is not at the host of updateResourceEndpoint, and only that is asked")
        return decode_operation(what, self._call(what, HttpRequest("GET", operation)))

    @property
    def _params(self) -> dict[str, str]:
        return {"api-version": self._version}

    def _definition(self) -> WebService:
        what = "get the scoring web service"
        return decode_web_service(what, self._call(what, HttpRequest("GET", self._url, params=self._params)))

    def _call(self, what: str, request: HttpRequest) -> Answer:
        answer = self._service.call(what, request)
        try:
            return expect_success(what, answer)
        except PermanentError as error:
            raise _judged(error) from error


def endpoint_of(url: str) -> tuple[str, str]:
    """URL and api-version of an `updateResourceEndpoint`; Microsoft's article ends it with a period and a blank."""
    parts = urlsplit(url.strip().rstrip(". "))
    versions = parse_qs(parts.query).get("api-version", [DEFAULT_API_VERSION])
    return parts._replace(query="", fragment="").geturl(), versions[0]


def operation_of(endpoint: str, named: str) -> str | None:
    """The operation's URL as it was named, if it is at the endpoint's own scheme, host and port; else None.

    The token goes nowhere else, whatever an answer says. Without an operation the web service itself is asked.
    """
    url = named.strip()
    return url if _origin(url) == _origin(endpoint) else None


def _origin(url: str) -> str:
    """Empty for what no URL parser agrees about, which is nobody's origin."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    unclear = any(not letter.isprintable() or letter in "\\{} " for letter in url)
    return "" if unclear else f"{parts.scheme}://{parts.netloc.removesuffix(':443')}".lower()


def _judged(error: PermanentError) -> ServiceError:
    """What to do about it; a 409 passes with the other update that is under way (docs/wire: our assumption)."""
    if error.status == HTTPStatus.CONFLICT:
        return error.judged(TransientError)
    advice = {
        403: "Give the service principal (or the app's identity) the role Contributor on the web service",
        401: "Check servicePrincipalId, servicePrincipalKey and tenant of the linked service",
        404: "Check subscription, resource group and name in the linked service's updateResourceEndpoint",
    }.get(error.status or 0)
    return error.judged(type(error), f"{error.message}. {advice}" if advice else None)
