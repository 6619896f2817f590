"""Looking at everything that a training reads: is it there, and is it as its dataset's policy wants it?"""

from collections.abc import Mapping

from functions.retraining.core.blobs import BlobVersion
from functions.retraining.core.definitions import BlobDataset
from functions.retraining.core.observed import InputsSeen, MissingInput
from functions.retraining.core.run import Run

from .app import App, PipelineServices

MEGABYTE = 1024 * 1024


def check_inputs(app: App, services: PipelineServices, run: Run) -> InputsSeen:
    """Every input of the batch execution activity as storage has it now; the example is the run's own version."""
    found: dict[str, BlobVersion] = {}
    missing: list[MissingInput] = []
    invalid = ""
    for dataset in services.pipeline.batch_execution.inputs:
        version = _version(app, dataset, run)
        if version is None:
            missing.append(MissingInput(_path(dataset, run), dataset.external_data))
        else:
            found[dataset.name] = version
            invalid = invalid or _invalid(app, dataset, version)
    return InputsSeen(found, tuple(missing), invalid, _apart(services, run, found))


def _version(app: App, dataset: BlobDataset, run: Run) -> BlobVersion | None:
    if dataset.holds(run.blob.container, run.blob.name):
        return run.blob
    return app.blobs.version(dataset.container, dataset.blob_name_at(run.blob.last_modified) or "")


def _apart(services: PipelineServices, run: Run, found: Mapping[str, BlobVersion]) -> frozenset[str]:
    """The datasets whose blob's own run would read another example than this one."""
    example = services.pipeline.example_of(run.blob.container, run.blob.name)
    others = {name: example.blob_name_at(version.last_modified) for name, version in found.items()}
    return frozenset(name for name, read in others.items() if read not in {run.blob.name, None})


def _path(dataset: BlobDataset, run: Run) -> str:
    return f"{dataset.container}/{dataset.blob_name_at(run.blob.last_modified)}"


def _invalid(app: App, dataset: BlobDataset, version: BlobVersion) -> str:
    """What keeps the blob from being used, in words; empty if nothing does."""
    wanted = dataset.validation
    if version.size < wanted.minimum_size_mb * MEGABYTE:
        size = version.size / MEGABYTE
        return f"{version.path} has {size:.3f} MB; dataset {dataset.name} wants minimumSizeMB {wanted.minimum_size_mb}"
    if wanted.minimum_rows and not app.blobs.has_rows(version, wanted.minimum_rows):
        return f"{version.path} has fewer rows than dataset {dataset.name} wants (minimumRows {wanted.minimum_rows})"
    return ""
