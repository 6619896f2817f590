"""The archive: immutable copies of trained models, made by the storage service itself (promise 5)."""

import re
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobClient, BlobServiceClient

from functions.retraining.core.blobs import BlobLocation, Model
from functions.retraining.core.definitions import TRAINED_MODEL_EXTENSION
from functions.retraining.core.errors import Conflict, PermanentError, TransientError
from functions.retraining.core.run import Run

from . import containers
from .errors import translated
from .signing import READ, base_of, signed_location

LINK_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class StorageModelArchive:
    """Keeps the promises of `core.ports.ModelArchive` and `ModelLinks`. `link_life`: how long a link can be read."""

    def __init__(self, service: BlobServiceClient, container: str, link_life: timedelta) -> None:
        self._service = service
        self._container = container
        self._link_life = link_life

    def copy_output(self, run: Run, location: BlobLocation) -> Model | None:
        """Copy a job's `.ilearner` by the link that the job gave.

        Raises TransientError if the link is refused: each status call brings a fresh one.
        """
        try:
            return self._copy(run, _source(location))
        except PermanentError as error:
            if error.status not in LINK_REFUSED:
                raise
            again = f"the job's link was refused, a fresh one may be taken: {error.message}"
            raise error.judged(TransientError, again) from error

    def copy_blob(self, run: Run) -> Model | None:
        """Copy this version of the run's own blob; NotFound if it is another one by now."""
        source = self._service.get_blob_client(run.blob.container, run.blob.name)
        return self._copy(run, source.url, pinned_to=f'"{run.blob.etag}"')

    def address(self, model: Model) -> str:
        """The model's URL without a signature, as `link` has it."""
        return f"{base_of(self._service)}{model.path}"

    def link(self, model: Model) -> BlobLocation:
        """A location by which a service can read this one model, and nothing else."""
        return signed_location(self._service, model.container, model.name, READ, self._link_life)

    def _copy(self, run: Run, source: str, pinned_to: str | None = None) -> Model | None:
        target = self._service.get_blob_client(self._container, _name(run))
        what = f"copy the trained model to {self._container}/{target.blob_name}"
        try:
            with translated(what):
                copied = self._start(target, source, pinned_to)
        except Conflict:
            return self._standing(what, target)
        if copied["copy_status"] != "success":
            return None
        return Model(container=self._container, name=str(target.blob_name), archived_at=copied["last_modified"])

    def _start(self, target: BlobClient, source: str, pinned_to: str | None) -> dict[str, Any]:
        start = partial(target.start_copy_from_url, source, match_condition=MatchConditions.IfMissing)
        if pinned_to:
            start = partial(start, source_etag=pinned_to, source_match_condition=MatchConditions.IfNotModified)
        try:
            return start()
        except ResourceNotFoundError as error:
            if getattr(error, "error_code", None) != "ContainerNotFound":
                raise
            containers.make(self._service.get_container_client(self._container))
            return start()

    def _standing(self, what: str, target: BlobClient) -> Model | None:
        """What an earlier try left: the copy, a copy under way, or one that failed and is cleared away."""
        with translated(f"{what}: read what stands there; if nothing, the source was replaced"):
            blob = target.get_blob_properties()
            if blob.copy.status in {None, "success"}:
                return Model(container=self._container, name=blob.name, archived_at=blob.last_modified)
            if blob.copy.status == "pending":
                return None
            target.delete_blob(etag=blob.etag, match_condition=MatchConditions.IfNotModified)
        raise TransientError(what, f"the copy ended {blob.copy.status}: {blob.copy.status_description}")


def _source(location: BlobLocation) -> str:
    """The job's link; the service gives the blob's name back as it was sent, so `#` and `%` are encoded here."""
    return f"{location.base}{quote(location.relative)}{location.sas.reveal()}"


def _name(run: Run) -> str:
    """One name for each attempt: a second training of the same example is another model.

    The services put URLs together from parts as they are, so nothing in a name may need encoding. The run's id tells
    apart what then looks the same.
    """
    folder = re.sub(r"[^A-Za-z0-9_-]", "_", run.pipeline)
    attempt = f"-{run.attempt}" if run.attempt > 1 else ""
    return f"{folder}/{run.id}{attempt}{TRAINED_MODEL_EXTENSION}"
