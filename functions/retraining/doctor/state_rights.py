"""May the app do in the state container what it must: write on a condition, sign, delete? Proved with one document.

The probe is `doctor/<random>.json`, which nothing of the app reads, and is deleted at the end. A container that is not
there is not made for it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

from azure.core.rest import HttpRequest
from azure.storage.blob import BlobServiceClient

from functions.retraining.core.errors import Conflict, PermanentError, RelearnerError, ServiceError
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.signing import READ, signed_location

from .anonymous import anonymous_service
from .containers import STORAGE
from .finding import Finding
from .refusals import to_do_about

PROBES = "doctor/"
SIGNATURE_LIFE = timedelta(minutes=5)
_CONTENT = b"{}"


def examine_state_rights(service: BlobServiceClient, container: str) -> Iterator[Finding]:
    """Each right by itself, so that all that are missing are told; the container has to be there."""
    documents, name = Documents(service, container), f"{PROBES}{uuid4().hex}.json"
    try:
        etag = documents.write(name, _CONTENT, None)
    except RelearnerError as error:
        yield _refused(container, "a document cannot be written", error)
        return
    yield STORAGE.ok(container, "a document can be written")
    yield _tried(container, "writes on a condition are honoured", lambda: _conditions(documents, name, etag))
    yield _tried(container, "a blob's signature is accepted", lambda: _signature(service, container, name))
    yield _tried(container, "a document can be deleted", lambda: documents.delete(name))


def _tried(container: str, promise: str, attempt: Callable[[], None]) -> Finding:
    try:
        attempt()
    except RelearnerError as error:
        return _refused(container, f"not proved: {promise}", error)
    return STORAGE.ok(container, promise)


def _conditions(documents: Documents, name: str, etag: str) -> None:
    """The same version may be replaced, and created a second time it may not."""
    documents.write(name, _CONTENT, etag)
    try:
        documents.write(name, _CONTENT, None)
    except Conflict:
        return
    message = "a document that was there was written over, though it was to be created: two hosts would train twice"
    raise PermanentError(f"write {documents.where(name)}", message)


def _signature(service: BlobServiceClient, container: str, name: str) -> None:
    """What the services are given is tried as they would: by its address alone."""
    what = f"read {container}/{name} by its signature"
    location = signed_location(service, container, name, READ, SIGNATURE_LIFE)
    answer = anonymous_service().call(what, HttpRequest("GET", location.url.reveal()))
    if not answer.succeeded:
        code = answer.header("x-ms-error-code")
        raise PermanentError(what, "storage refused the signature", status=answer.status, code=code)


def _refused(container: str, found: str, error: RelearnerError) -> Finding:
    to_do = to_do_about(error) if isinstance(error, ServiceError) else "try again: somebody else wrote the probe"
    return STORAGE.problem(container, f"{found}: {error}", to_do)
