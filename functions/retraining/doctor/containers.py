"""The training storage account's containers: is each there, and may it be listed and read? Nothing is written here."""

from collections.abc import Iterator

from azure.storage.blob import BlobServiceClient, ContainerClient

from functions.retraining.core.errors import NotFound, ServiceError
from functions.retraining.settings import Settings
from functions.retraining.storage.errors import translated

from .finding import Area, Finding
from .refusals import to_do_about

STORAGE = Area("storage")
OF_THE_WHOLE_ACCOUNT = frozenset({"AuthenticationFailed", "AuthorizationFailure", "KeyBasedAuthenticationNotPermitted"})


def examine_containers(service: BlobServiceClient, settings: Settings) -> Iterator[Finding]:
    """Each container that the settings name; none any more after a refusal that is about the whole account."""
    for setting, container, made_by_the_app in _containers(settings):
        try:
            yield STORAGE.ok(container, _looked_into(service.get_container_client(container)))
        except NotFound:
            yield _missing(setting, container, made_by_the_app)
        except ServiceError as error:
            yield STORAGE.problem(container, str(error), to_do_about(error))
            if error.status is None or error.code in OF_THE_WHOLE_ACCOUNT:
                return


def _containers(settings: Settings) -> Iterator[tuple[str, str, bool]]:
    yield "LABELED_EXAMPLES_CONTAINER", settings.labeled_examples_container, False
    yield "TRAINED_MODELS_CONTAINER", settings.trained_models_container, False
    yield "RETRAINING_STATE_CONTAINER", settings.state_container, True
    yield "MODEL_ARCHIVE_CONTAINER", settings.models_container, True
    if settings.dead_letter_container:
        yield "DEAD_LETTER_CONTAINER", settings.dead_letter_container, False


def _looked_into(container: ContainerClient) -> str:
    """List one blob, and read its properties: what both a look at a container and a run's first step need."""
    with translated(f"list {container.container_name}"):
        page = next(container.list_blob_names(results_per_page=1).by_page(), iter(()))
        name = next(iter(page), None)
    if name is None:
        return "can be listed; it is empty"
    with translated(f"read the properties of a blob in {container.container_name}"):
        container.get_blob_client(name).get_blob_properties()
    return "can be listed and read"


def _missing(setting: str, container: str, made_by_the_app: bool) -> Finding:  # noqa: FBT001 - a fact of the table above
    if made_by_the_app:
        return STORAGE.notice(container, f"is not there yet; the app makes it when it first writes ({setting})")
    found = f"there is no such container ({setting}): no blob can arrive in it"
    return STORAGE.problem(container, found, f"create the container {container}, or correct {setting}")
