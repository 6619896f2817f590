"""The whole examination: one area after another, what cannot be reached at all only once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from azure.storage.blob import BlobServiceClient

from functions.retraining.app_identity import app_identity
from functions.retraining.clock import SystemClock
from functions.retraining.settings import TRAINING_STORAGE
from functions.retraining.storage.access import blob_service

from .app_index import IndexedFunction, IndexingError, index_app
from .app_settings import examine_references, key_vault_references
from .bindings import BINDINGS, examine_bindings
from .configuration import Configuration, read_configuration
from .connections import Connection, connection_of
from .containers import STORAGE, examine_containers
from .finding import Finding, Outcome
from .linked_storage import examine_linked_storage
from .queues import QUEUES, examine_poison, examine_queues
from .service_hosts import SERVICES, examine_service_hosts
from .services import examine_services
from .state import examine_state
from .state_rights import examine_state_rights
from .subscription_list import EventSubscription
from .subscriptions import doors_of, examine_subscriptions

HOST_STORAGE = "AzureWebJobsStorage"


@dataclass(frozen=True)
class Subject:
    """What is examined: the settings (and which of them came from the environment), the app's folder, its definitions.

    `subscriptions` is None where nobody printed them.
    """

    values: Mapping[str, str]
    environment: Mapping[str, str]
    root: Path
    definitions: Path | None = None
    subscriptions: tuple[EventSubscription, ...] | None = None


def examine(subject: Subject) -> Iterator[Finding]:
    """Every finding, in the order in which causes come before their effects."""
    references = key_vault_references(subject.values)
    configuration = read_configuration(subject.values, references, subject.root, subject.definitions)
    yield from examine_references(references, subject.values, subject.environment)
    yield from configuration.findings
    functions, trouble = _indexed(subject, configuration)
    yield from trouble or examine_bindings(functions, configuration.values, references)
    yield from _storage(configuration)
    yield from _services(configuration)
    if subject.subscriptions is not None:
        doors = doors_of(functions, configuration.values)
        yield from examine_subscriptions(doors, subject.subscriptions)


def _indexed(subject: Subject, configuration: Configuration) -> tuple[tuple[IndexedFunction, ...], tuple[Finding, ...]]:
    try:
        return index_app(subject.root, configuration.values), ()
    except IndexingError as error:
        found = f"the host would find no function at all: {error}"
        return (), (BINDINGS.problem("function_app.py", found, "put it right; `python function_app.py` shows it all"),)


def _storage(configuration: Configuration) -> Iterator[Finding]:
    training = _connection(configuration, TRAINING_STORAGE)
    if training is None:
        yield STORAGE.notice(TRAINING_STORAGE, "was not tried: it is not set, or not known here")
        return
    try:
        service = blob_service(training.access, partial(app_identity, training.client_id))
    except ValueError as error:
        yield STORAGE.problem(training.setting, str(error), "copy the connection string again from the portal")
        return
    with service:
        yield from _in_account(service, configuration)
    yield from _queues(configuration, training)


def _in_account(service: BlobServiceClient, configuration: Configuration) -> Iterator[Finding]:
    settings = configuration.settings
    found = list(examine_containers(service, settings))
    yield from found
    is_there = {each.subject for each in found if each.outcome is Outcome.OK}
    if settings.state_container in is_there:
        yield from examine_state_rights(service, settings.state_container)
    if configuration.secrets_may_be_sent:
        identity = partial(app_identity, settings.identity_client_id)
        yield from examine_linked_storage(configuration.pipelines, identity, SystemClock().now())
    if settings.state_container in is_there:
        yield from examine_state(service, settings, configuration.pipelines, SystemClock().now())


def _queues(configuration: Configuration, training: Connection) -> Iterator[Finding]:
    host = _connection(configuration, HOST_STORAGE)
    if host is None:
        yield QUEUES.notice(HOST_STORAGE, "was not tried: it is not set, or not known here")
    for connection in (training, *([host] if host else [])):
        if connection.queues:
            yield from examine_queues(connection, partial(app_identity, connection.client_id))
    if training.queues:
        yield from examine_poison(training, partial(app_identity, training.client_id))


def _services(configuration: Configuration) -> Iterator[Finding]:
    if not configuration.secrets_may_be_sent:
        found = "were not tried: a host is not among those that ALLOWED_SERVICE_HOSTS lets secrets go to"
        yield SERVICES.notice("all", found, "see the findings about settings")
        return
    hosts = list(examine_service_hosts(configuration.pipelines, SystemClock().now))
    yield from hosts
    silent = frozenset(each.subject for each in hosts if each.outcome is Outcome.PROBLEM)
    identity = partial(app_identity, configuration.settings.identity_client_id)
    yield from examine_services(configuration.pipelines, identity, silent)


def _connection(configuration: Configuration, name: str) -> Connection | None:
    return connection_of(configuration.values, name)
