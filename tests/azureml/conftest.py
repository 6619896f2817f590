"""A web service over TLS, and clients of it that are closed again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from devstack.certificates import Certificates, issue
from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.pipeline import KeyedService
from functions.retraining.azureml.scoring_classic import ClassicScoringService
from functions.retraining.core.secret import Secret

from .made_up import API_KEY, LINK, pipeline, update_resource
from .web_server import WebServer


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def web(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.ca_bundle))
    with WebServer(certificates.server) as server:
        yield server


@pytest.fixture
def keyed() -> Iterator[Callable[[], KeyedService]]:
    """Makes clients with the endpoint's key; they are closed when the test ends."""
    with ExitStack() as clients:

        def make() -> KeyedService:
            service = KeyedService(Secret(API_KEY))
            clients.callback(_close, service)
            return service

        yield make


def _close(service: KeyedService) -> None:
    """Looks for the client only now: it is made at its first use, with the timeouts of that time."""
    service._client.close()


@pytest.fixture
def training(web: WebServer, keyed: Callable[[], KeyedService]) -> ClassicBatchExecution:
    definition = pipeline(f"{web.url}/workspaces/W/services/E/jobs?api-version=2.0")
    return ClassicBatchExecution(definition, keyed())


@pytest.fixture
def scoring(web: WebServer, keyed: Callable[[], KeyedService]) -> ClassicScoringService:
    activity = update_resource(f"{web.url}/workspaces/W/webservices/S/endpoints/endpoint2")
    return ClassicScoringService(activity, keyed(), lambda _: LINK)
