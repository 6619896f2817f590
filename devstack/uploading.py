"""Putting labeled examples where the pipeline looks for them."""

from datetime import UTC, datetime
from pathlib import Path

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient

from devstack.examples import Sample, better_sample, poor_sample
from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import BlobDataset
from functions.retraining.workflows.app import App

SAMPLES = {"poor": poor_sample, "better": better_sample}


def make_containers(connection_string: str, names: tuple[str, ...]) -> None:
    """Make the containers that are not there yet."""
    with BlobServiceClient.from_connection_string(connection_string) as storage:
        for name in names:
            try:
                storage.create_container(name)
            except ResourceExistsError:
                continue


def upload(app: App, connection_string: str, dataset: BlobDataset, name: str, content: bytes | Path) -> BlobVersion:
    """Upload to the dataset's blob (or, into a folder, under `name`) and say which version it became.

    A file is streamed, never held whole.
    """
    blob = dataset.blob_name_at(datetime.now(UTC)) or f"{dataset.folder}{name}"
    with BlobServiceClient.from_connection_string(connection_string) as storage:
        client = storage.get_blob_client(dataset.container, blob)
        if isinstance(content, Path):
            with content.open("rb") as file:
                client.upload_blob(file, overwrite=True, max_concurrency=1)
        else:
            client.upload_blob(content, overwrite=True)
    version = app.blobs.version(dataset.container, blob)
    if version is None:
        message = f"{dataset.container}/{blob} was deleted right after its upload"
        raise FileNotFoundError(message)
    return version


def sample_content(sample: Sample, blob_name: str) -> bytes:
    """The sample in the format that the blob's extension says."""
    text = sample.to_csv() if blob_name.endswith(".csv") else sample.to_arff()
    return text.encode()
