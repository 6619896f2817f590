"""Runs and blob versions for the tests of this room. Every value is invented."""

from datetime import UTC, datetime

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.run import Origin, Run, new_run

UPLOADED = datetime(2026, 11, 22, 8, tzinfo=UTC)


def version(container: str = "labeledexamples", name: str = "examples.arff", etag: str = "0x1") -> BlobVersion:
    return BlobVersion(container=container, name=name, etag=etag, last_modified=UPLOADED, size=10)


def run(pipeline: str = "pipeline", blob: BlobVersion | None = None) -> Run:
    return new_run(pipeline, Origin.LABELED_EXAMPLE, blob or version(), UPLOADED)
