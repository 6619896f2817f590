"""Put a first model behind the scoring services of both kinds, as their owner once did in Studio by hand."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import ContainerClient

from devstack.studio.blob_reference import BlobReference
from devstack.studio.cloud import Cloud
from devstack.studio.workspace import NOWHERE

_SAS_LIFETIME: Final = timedelta(days=365)


class PublishingFault(ValueError):
    """The first model cannot be made; says why."""


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """The model that is live now. `accuracy` (0 to 1) was measured on what `evaluated_on` says."""

    relative_location: str
    rows: int
    trained_rows: int
    classes: tuple[str, ...]
    accuracy: float
    evaluated_on: str

    def to_wire(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def publish(cloud: Cloud, examples: dict[str, Any], model: BlobReference) -> PublishedModel:
    """Train on `examples`, write the model to `model` (its container is made if absent), point the endpoints to it.

    `examples` is `{"reference": blob reference}` or `{"text": ..., "name": "x.arff"}`. The updatable endpoint and the
    web service of the Resource Manager kind get the model in any case, the default endpoint only if it has none yet: it
    stays as it was deployed. Raises PublishingFault.
    """
    if not model.connection_string:
        raise PublishingFault("The model's reference needs a ConnectionString: a token for it has to be signed.")
    _make_container(model)
    facts = _train(cloud, examples, model)
    _point_endpoints(cloud, model.with_blob_sas(_SAS_LIFETIME))
    return PublishedModel(model.relative_location, **{**facts, "classes": tuple(facts["classes"])})


def _make_container(model: BlobReference) -> None:
    with ContainerClient.from_connection_string(model.connection_string, model.container) as container:
        try:
            container.create_container()
        except ResourceExistsError:
            return


def _train(cloud: Cloud, examples: dict[str, Any], model: BlobReference) -> dict[str, Any]:
    worker = cloud.workers.borrow()
    try:
        outcome = worker.carry_out({"examples": examples, "outputs": [model.to_wire()]})
    finally:
        cloud.workers.give_back(worker)
    if "fault" in outcome:
        raise PublishingFault(outcome["fault"])
    facts: dict[str, Any] = outcome["model"]
    return facts


def _point_endpoints(cloud: Cloud, location: BlobReference) -> None:
    for service in cloud.workspace.services:
        for endpoint in service.endpoints:
            for resource in endpoint.resources:
                if not endpoint.is_default or resource.location == NOWHERE:
                    resource.patch(location, after_gets=0)
    cloud.resource_group.web_service.point_to(location)
