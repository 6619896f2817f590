"""What the studio's workspace holds: web services, their endpoints, the models behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from devstack.studio.blob_reference import BlobReference
from devstack.studio.taking_effect import TakingEffect

NOWHERE: Final = BlobReference("")

MODEL_EXTENSIONS: Final = (".ilearner",)
TABLE_EXTENSIONS: Final = (".csv", ".tsv", ".arff")


@dataclass
class Resource:
    """A trained model behind an endpoint: what it points to now, and what it will point to."""

    name: str
    _model: TakingEffect[BlobReference] = field(default_factory=lambda: TakingEffect(NOWHERE))

    @property
    def location(self) -> BlobReference:
        """The model that is scored with now."""
        return self._model.now

    def patch(self, location: BlobReference, *, after_gets: int) -> None:
        """Point to another model: at once, only after so many GETs, or NEVER."""
        self._model.change(location, after_gets=after_gets)

    def seen(self) -> BlobReference:
        """What a GET of the endpoint shows: it counts, while a PATCH has yet to take effect."""
        return self._model.seen()


@dataclass
class Endpoint:
    """One endpoint of a web service, with its own id in URLs and its own keys."""

    id: str
    name: str
    primary_key: str = field(repr=False)
    secondary_key: str = field(repr=False)
    resources: tuple[Resource, ...] = ()

    @property
    def is_default(self) -> bool:
        """Made with the web service itself: such an endpoint cannot be patched."""
        return self.name == "default"

    def accepts(self, key: str) -> bool:
        """Whether this is one of the endpoint's own keys."""
        return key in (self.primary_key, self.secondary_key)

    def resource(self, name: str) -> Resource | None:
        """The resource of this name; names are case sensitive."""
        return next((resource for resource in self.resources if resource.name == name), None)


@dataclass
class WebService:
    """A training or a predictive (scoring) web service.

    `inputs` and `outputs` map the port names of its batch execution to the extensions they take.
    """

    id: str
    name: str
    endpoints: tuple[Endpoint, ...]
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def trains(self) -> bool:
        """Whether its outputs include a trained model."""
        return MODEL_EXTENSIONS in self.outputs.values()

    def endpoint(self, name: str) -> Endpoint | None:
        """The endpoint of this name."""
        return next((endpoint for endpoint in self.endpoints if endpoint.name == name), None)


@dataclass
class Workspace:
    """One workspace: its token opens everything in it."""

    id: str
    token: str = field(repr=False)
    services: tuple[WebService, ...] = ()

    def service(self, service_id: str) -> WebService | None:
        """The web service of this id."""
        return next((service for service in self.services if service.id == service_id), None)

    def by_endpoint_id(self, endpoint_id: str) -> tuple[WebService, Endpoint] | None:
        """The endpoint of this id with its service: execution URLs name the endpoint, management URLs the service."""
        for service in self.services:
            for endpoint in service.endpoints:
                if endpoint.id == endpoint_id:
                    return service, endpoint
        return None

    def models(self) -> list[dict[str, Any]]:
        """What each endpoint's resources point to, without tokens."""
        return [
            {
                "web_service": service.name,
                "endpoint": endpoint.name,
                "resource": resource.name,
                "base_location": resource.location.base_location,
                "relative_location": resource.location.relative_location,
            }
            for service in self.services
            for endpoint in service.endpoints
            for resource in endpoint.resources
        ]
