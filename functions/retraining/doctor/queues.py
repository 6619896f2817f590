"""The queues that the host needs beside a blob trigger: reachable, and is anything in the poison queue?

Asked over REST (Azure Storage REST documentation, List Queues and Get Queue Metadata), because the queue SDK is not
among what the app needs to run. Nothing is put into a queue, and no message is read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from azure.core.rest import HttpRequest
from azure.storage.blob import AccountSasPermissions, ResourceTypes, Services, generate_account_sas

from functions.retraining.azureml.answers import Answer
from functions.retraining.azureml.pipeline import token_service
from functions.retraining.core.definitions import ConnectionStringAccess
from functions.retraining.core.errors import PermanentError, ServiceError
from functions.retraining.storage.access import Identity, blob_service

from .anonymous import anonymous_service
from .connections import Connection
from .finding import Area, Finding
from .refusals import to_do_about

QUEUES = Area("queues")
POISON = "webjobs-blobtrigger-poison"
"""Where the host puts a blob's message after its last try: azure-sdk-for-net, in the account of the blobs."""

_VERSION = {"x-ms-version": "2021-12-02"}
_SCOPE = "https://storage.azure.com/.default"
_LIFE = timedelta(minutes=5)


def examine_queues(connection: Connection, identity: Identity) -> Iterator[Finding]:
    """That the account's queues can be listed."""
    subject = connection.setting.partition("__")[0]
    try:
        answer = _asked(connection, identity, f"list the queues of {subject}", "", "comp=list&maxresults=1")
    except ServiceError as error:
        yield QUEUES.problem(subject, str(error), to_do_about(error))
        return
    yield (
        QUEUES.ok(subject, "its queues can be listed")
        if answer
        else QUEUES.problem(
            subject,
            "the account has no queue service",
            "use a general-purpose v2 account: the blob trigger needs queues",
        )
    )


def examine_poison(connection: Connection, identity: Identity) -> Iterator[Finding]:
    """How many blobs the host gave up; the queue is made with the first of them."""
    try:
        answer = _asked(connection, identity, f"count the messages of {POISON}", f"/{POISON}", "comp=metadata")
    except ServiceError as error:
        yield QUEUES.problem(POISON, str(error), to_do_about(error))
        return
    count = int(answer.header("x-ms-approximate-messages-count") or 0) if answer else 0
    if not count:
        yield QUEUES.ok(POISON, "is empty")
        return
    found = f"holds about {count}: so many blobs' events the host gave up; storage keeps each for seven days"
    to_do = "record_poison takes them, each tried every ten minutes; if they stay, see what it logs"
    yield QUEUES.problem(POISON, found, to_do)


def _asked(connection: Connection, identity: Identity, what: str, path: str, query: str) -> Answer | None:
    """The answer; None if there is no such thing. Raises ServiceError."""
    url = f"{connection.queues}{path or '/'}?{query}"
    if isinstance(connection.access, ConnectionStringAccess):
        request = HttpRequest("GET", f"{url}&{_signature(connection.access, identity, what)}")
        answer = anonymous_service().call(what, request)
    else:
        answer = token_service(identity, _SCOPE).call(what, HttpRequest("GET", url, headers=_VERSION))
    if answer.succeeded:
        return answer
    if answer.status == 404:
        return None
    code = answer.header("x-ms-error-code")
    raise PermanentError(what, "storage refused", status=answer.status, code=code)


def _signature(access: ConnectionStringAccess, identity: Identity, what: str) -> str:
    try:
        with blob_service(access, identity) as service:
            return generate_account_sas(
                str(service.account_name),
                service.credential.account_key,
                ResourceTypes(service=True, container=True, object=True),
                AccountSasPermissions(read=True, list=True),
                datetime.now(UTC) + _LIFE,
                services=Services(queue=True),
            )
    except ValueError as error:
        message = "the connection string cannot be read, or has no account key"
        raise PermanentError(what, message) from error
