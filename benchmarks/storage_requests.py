"""Counting the HTTP requests that the app makes to storage, by their kind."""

import threading
from collections import Counter
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.storage.blob import BlobServiceClient

from functions.retraining.settings import Settings
from functions.retraining.storage.blobs import StorageBlobs
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.model_archive import StorageModelArchive
from functions.retraining.storage.run_store import StorageRunStore

LIST = "List"


class RequestCount:
    """The kinds of the requests sent so far: retries count too, for each is a request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: list[str] = []

    def note(self, request: PipelineRequest[HttpRequest]) -> None:
        """Count a request that is about to be sent."""
        sent = request.http_request
        with self._lock:
            self._kinds.append(kind_of(sent.method, sent.url, copies="x-ms-copy-source" in sent.headers))

    def taken(self) -> Counter[str]:
        """The requests by kind since this was last asked."""
        with self._lock:
            kinds, self._kinds = self._kinds, []
        return Counter(kinds)


class CountedStorage:
    """A client for a storage account whose requests are counted. A context manager: leaving it closes the client."""

    def __init__(self, connection_string: str) -> None:
        self.requests = RequestCount()
        self._service = BlobServiceClient.from_connection_string(connection_string, raw_request_hook=self.requests.note)

    def parts_of_app(self, settings: Settings) -> dict[str, Any]:
        """What `build` takes as overrides, so that all of the app's storage requests are counted."""
        return {
            "runs": StorageRunStore(Documents(self._service, settings.state_container)),
            "blobs": StorageBlobs(self._service),
            "archive": StorageModelArchive(self._service, settings.models_container, settings.model_link_life),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._service.close()


def kind_of(method: str, url: str, *, copies: bool) -> str:
    """What a request to the blob service is, in words: List, PUT blob, copy blob, PUT container, ..."""
    query = parse_qs(urlsplit(url).query)
    if query.get("comp") == ["list"]:
        return LIST
    if copies:
        return "copy blob"
    return f"{method} {'container' if query.get('restype') == ['container'] else 'blob'}"


def beside_lists(requests: Counter[str]) -> int:
    """How many of them are no List: what the budget of a run counts."""
    return requests.total() - requests[LIST]
