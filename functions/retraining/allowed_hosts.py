"""Do the definitions send keys, tokens and signatures only where the setting allows it? Pure."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from .adf.accounts import blob_endpoint, connection_string_parts
from .adf.findings import Unset
from .core.definitions import (
    BlobDataset,
    ConnectionStringAccess,
    IdentityAccess,
    Pipeline,
    SasUriAccess,
    StorageLinkedService,
)
from .core.errors import Fault
from .core.hosts import AllowedHosts, host_of
from .settings import ALLOWED_SERVICE_HOSTS

DEVELOPMENT_STORAGE = "http://127.0.0.1:10000"
"""What UseDevelopmentStorage=true means: learn.microsoft.com, Use the Azurite emulator."""


class _Destination(NamedTuple):
    linked_service: str
    what: str
    address: str


def allowed_host_faults(allowed: AllowedHosts, pipelines: tuple[Pipeline, ...]) -> tuple[Fault, ...]:
    """Every linked service that leads elsewhere, each once; none if every host is allowed.

    The address of scoring (`mlEndpoint` beside an `updateResourceEndpoint`) is not among them: nothing is sent there.
    """
    destinations = dict.fromkeys(each for pipeline in pipelines for each in _destinations(pipeline))
    found = ((each, host_of(each.address)) for each in destinations if not isinstance(each.address, Unset))
    return tuple(
        dict.fromkeys(
            _fault(each, host, allowed) for each, host in found if allowed.patterns and not allowed.allow(host)
        )
    )


def _fault(destination: _Destination, host: str, allowed: AllowedHosts) -> Fault:
    """The address itself is not shown: it can carry a token."""
    leads = f"leads to the host {host!r}" if host else "leads to no host that every HTTP client would agree on"
    return Fault(
        f"linked service {destination.linked_service}",
        f"its {destination.what} {leads}; setting {ALLOWED_SERVICE_HOSTS} allows {', '.join(allowed.patterns)}",
    )


def _destinations(pipeline: Pipeline) -> Iterator[_Destination]:
    training = pipeline.batch_execution.linked_service
    yield _Destination(training.name, "mlEndpoint", training.ml_endpoint)
    for update in pipeline.update_resources:
        scoring = update.linked_service
        yield _Destination(scoring.name, "updateResourceEndpoint", scoring.update_resource_endpoint or Unset())
    for dataset in _datasets(pipeline):
        for address in _storage_addresses(dataset.linked_service):
            yield _Destination(dataset.linked_service.name, "storage account", address)


def _datasets(pipeline: Pipeline) -> Iterator[BlobDataset]:
    yield from pipeline.batch_execution.inputs
    yield from pipeline.batch_execution.web_service_outputs.values()
    yield from (update.trained_model_dataset for update in pipeline.update_resources)


def _storage_addresses(linked_service: StorageLinkedService) -> Iterator[str]:
    match linked_service.access:
        case ConnectionStringAccess(connection_string):
            yield from _in_connection_string(connection_string.reveal())
        case SasUriAccess(url) | IdentityAccess(url):
            yield url


def _in_connection_string(text: str) -> Iterator[str]:
    """Every address that a client may take from it. A name that is written twice is read differently by each."""
    names = Counter(part.partition("=")[0].strip().lower() for part in text.split(";"))
    parts = connection_string_parts(text)
    yield from (value for name, value in parts.items() if name.endswith(("endpoint", "proxyuri")))
    yield from ("" for name in parts if names[name] > 1)
    if "usedevelopmentstorage" in parts:
        yield DEVELOPMENT_STORAGE
    else:
        yield blob_endpoint(parts) or ""
