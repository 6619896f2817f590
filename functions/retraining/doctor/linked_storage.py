"""The definitions' own ways into storage, which the training web service is given: connection strings, signatures."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import uuid4

from azure.core.rest import HttpRequest

from functions.retraining.adf.findings import Unset
from functions.retraining.core.definitions import (
    BlobDataset,
    ConnectionStringAccess,
    IdentityAccess,
    Pipeline,
    SasUriAccess,
)
from functions.retraining.core.errors import NotFound, ServiceError
from functions.retraining.storage.access import Identity, blob_service
from functions.retraining.storage.errors import translated

from .anonymous import anonymous_service
from .containers import STORAGE
from .finding import Finding
from .refusals import to_do_about

_NAMES = {"r": "read", "w": "write"}


def examine_linked_storage(pipelines: tuple[Pipeline, ...], identity: Identity, now: datetime) -> Iterator[Finding]:
    """Each storage linked service once for each container that it is to open, inputs and outputs apart."""
    seen: set[tuple[str, str, str]] = set()
    for dataset, permission in _uses(pipelines):
        use = (dataset.linked_service.name, dataset.container, permission)
        if use not in seen and not isinstance(dataset.container, Unset):
            seen.add(use)
            yield from _examined(dataset, permission, identity, now)


def _uses(pipelines: tuple[Pipeline, ...]) -> Iterator[tuple[BlobDataset, str]]:
    for pipeline in pipelines:
        yield from ((dataset, "r") for dataset in pipeline.batch_execution.inputs)
        yield from ((dataset, "w") for dataset in pipeline.batch_execution.web_service_outputs.values())


def _examined(dataset: BlobDataset, permission: str, identity: Identity, now: datetime) -> Iterator[Finding]:
    subject = f"linked service {dataset.linked_service.name}"
    match dataset.linked_service.access:
        case ConnectionStringAccess(text) if isinstance(text.reveal(), Unset):
            yield STORAGE.notice(subject, "was not tried: its connection string is not known here")
        case IdentityAccess(url) if isinstance(url, Unset):
            yield STORAGE.notice(subject, "was not tried: its address is not known here")
        case SasUriAccess() as access:
            troubles = list(_signature_troubles(subject, access, permission, now))
            yield from troubles or [_by_signature(subject, access, dataset.container, permission)]
        case ConnectionStringAccess() | IdentityAccess() as access:
            yield _by_account(subject, access, dataset.container, identity)


def _signature_troubles(subject: str, access: SasUriAccess, permission: str, now: datetime) -> Iterator[Finding]:
    """What the signature says of itself: `sp` and `se` (Azure Storage REST documentation, Create a service SAS)."""
    said = {name: values[0] for name, values in parse_qs(access.signature.reveal().lstrip("?")).items()}
    again = f"sign it again with permissions that allow to {_NAMES[permission]}"
    if "sp" in said and permission not in said["sp"]:
        found = f"its signature allows {said['sp']!r}, which does not let the service {_NAMES[permission]}"
        yield STORAGE.problem(subject, found, again)
    if _over(said, now):
        yield STORAGE.problem(subject, f"its signature ended at {said['se']}", "sign it again for a longer time")


def _over(said: Mapping[str, str], now: datetime) -> bool:
    try:
        ends = datetime.fromisoformat(said.get("se", "9999-12-31"))
    except ValueError:
        return False
    return (ends if ends.tzinfo else ends.replace(tzinfo=UTC)) <= now


def _by_signature(subject: str, access: SasUriAccess, container: str, permission: str) -> Finding:
    """A signature that may read is asked for a blob that is not there: 404 says that it opens the place."""
    if permission != "r":
        return STORAGE.ok(subject, f"its signature says that it may {_NAMES[permission]}; writing was not tried")
    url = f"{access.account_url}{container}/doctor/{uuid4().hex}{access.signature.reveal()}"
    what = f"look into {container} by the signature"
    try:
        answer = anonymous_service().call(what, HttpRequest("HEAD", url))
    except ServiceError as error:
        return STORAGE.problem(subject, str(error), to_do_about(error))
    code = answer.header("x-ms-error-code")
    if answer.status == 404 and code != "ContainerNotFound":
        return STORAGE.ok(subject, f"its signature opens {container}")
    refusal = NotFound(what, "storage refused the signature", status=answer.status, code=code)
    return STORAGE.problem(subject, str(refusal), to_do_about(refusal))


def _by_account(
    subject: str, access: ConnectionStringAccess | IdentityAccess, container: str, identity: Identity
) -> Finding:
    try:
        with blob_service(access, identity) as service, translated(f"look into {container}"):
            service.get_container_client(container).get_container_properties()
    except ServiceError as error:
        return STORAGE.problem(subject, str(error), to_do_about(error))
    except ValueError:
        return STORAGE.problem(subject, "its connection string cannot be read", "copy it again from the portal")
    return STORAGE.ok(subject, f"opens {container}")
