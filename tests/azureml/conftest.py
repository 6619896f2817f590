"""A web service over TLS, and clients of it that are closed again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from devstack.certificates import Certificates, issue
from functions.retraining.app_identity import app_identity
from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.pipeline import PipelineService, keyed_service, token_service
from functions.retraining.azureml.scoring_arm import ArmScoringService
from functions.retraining.azureml.scoring_classic import ClassicScoringService
from functions.retraining.core.secret import Secret
from functions.retraining.storage.references import StorageReferences

from .made_up import API_KEY, WEB_SERVICE, Links, pipeline, resource_manager, update_resource
from .one_token import OneToken
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
def keyed() -> Iterator[Callable[[], PipelineService]]:
    """Makes clients with the endpoint's key; they are closed when the test ends."""
    with ExitStack() as clients:

        def make() -> PipelineService:
            service = keyed_service(Secret(API_KEY))
            clients.callback(_close, service)
            return service

        yield make


def _close(service: PipelineService) -> None:
    """Looks for the client only now: it is made at its first use, with the timeouts of that time."""
    service._client.close()


@pytest.fixture
def training(web: WebServer, keyed: Callable[[], PipelineService]) -> ClassicBatchExecution:
    definition = pipeline(f"{web.url}/workspaces/W/services/E/jobs?api-version=2.0")
    return ClassicBatchExecution(definition, keyed(), StorageReferences(app_identity))


@pytest.fixture
def arm(web: WebServer) -> Iterator[ArmScoringService]:
    """A client of a web service of the Resource Manager kind; its credential gives one token for the right scope."""
    service = token_service(lambda: OneToken(f"{web.url}/.default"), f"{web.url}/.default")
    yield ArmScoringService(resource_manager(f"{web.url}{WEB_SERVICE}. "), service, Links())
    _close(service)


@pytest.fixture
def scoring(web: WebServer, keyed: Callable[[], PipelineService]) -> ClassicScoringService:
    activity = update_resource(f"{web.url}/workspaces/W/webservices/S/endpoints/endpoint2")
    return ClassicScoringService(activity, keyed(), Links())
