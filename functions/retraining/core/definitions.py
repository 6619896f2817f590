"""What the user's Data Factory JSON means here: pipelines, activities, datasets, linked services.

The names are Data Factory's own. Built by `functions.retraining.adf`; read by everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from .secret import Secret

TRAINED_MODEL_EXTENSION = ".ilearner"


class ExecutionPriorityOrder(StrEnum):
    """Which of several waiting examples goes first."""

    OLDEST_FIRST = "OldestFirst"
    NEWEST_FIRST = "NewestFirst"


@dataclass(frozen=True)
class ActivityPolicy:
    """An activity's `policy`, with Data Factory v1's defaults.

    `timeout` None means none: 00:00:00 in the JSON. `retry` counts re-executions: n allows 1 + n executions.
    """

    timeout: timedelta | None = None
    retry: int = 0
    delay: timedelta = timedelta(0)
    long_retry: int = 1
    long_retry_interval: timedelta = timedelta(0)
    concurrency: int = 1
    execution_priority_order: ExecutionPriorityOrder = ExecutionPriorityOrder.OLDEST_FIRST


@dataclass(frozen=True)
class StorageLinkedService:
    """A linked service of type AzureStorage."""

    name: str
    connection_string: Secret


@dataclass(frozen=True)
class ServicePrincipal:
    """Who calls an Azure Resource Manager endpoint."""

    client_id: str
    key: Secret
    tenant: str


@dataclass(frozen=True)
class AzureMLLinkedService:
    """A linked service of type AzureML: one web service endpoint."""

    name: str
    ml_endpoint: str
    api_key: Secret
    update_resource_endpoint: str | None = None
    service_principal: ServicePrincipal | None = None


@dataclass(frozen=True)
class BlobDataset:
    """A dataset of type AzureBlob: one blob, or (without `fileName`) every blob below a folder."""

    name: str
    linked_service: StorageLinkedService
    folder_path: str
    file_name: str | None = None

    @property
    def container(self) -> str:
        """The first part of `folderPath`."""
        return self.folder_path.strip("/").partition("/")[0]

    @property
    def folder(self) -> str:
        """`folderPath` below the container, ending in a slash unless empty."""
        below = self.folder_path.strip("/").partition("/")[2]
        return f"{below}/" if below else ""

    @property
    def blob_name(self) -> str | None:
        """The one blob's name, or None for a folder."""
        return None if self.file_name is None else self.folder + self.file_name

    def holds(self, container: str, name: str) -> bool:
        """Whether a blob is this dataset's blob or lies in its folder."""
        if container != self.container:
            return False
        return name.startswith(self.folder) if self.blob_name is None else name == self.blob_name


@dataclass(frozen=True)
class BatchExecutionActivity:
    """AzureMLBatchExecution: calls the training web service.

    `webServiceInput` is the service's single form (`Input`); `webServiceInputs` maps port names (`Inputs`).
    """

    name: str
    linked_service: AzureMLLinkedService
    web_service_input: BlobDataset | None
    web_service_inputs: Mapping[str, BlobDataset]
    web_service_outputs: Mapping[str, BlobDataset]
    global_parameters: Mapping[str, str] = field(default_factory=dict)
    policy: ActivityPolicy = ActivityPolicy()


@dataclass(frozen=True)
class UpdateResourceActivity:
    """AzureMLUpdateResource: puts the trained model behind the scoring web service."""

    name: str
    linked_service: AzureMLLinkedService
    trained_model_name: str
    trained_model_dataset: BlobDataset
    policy: ActivityPolicy = ActivityPolicy()


@dataclass(frozen=True)
class Pipeline:
    """One retraining pipeline: a batch execution whose `.ilearner` output one update resource activity uses."""

    name: str
    batch_execution: BatchExecutionActivity
    update_resource: UpdateResourceActivity
    is_paused: bool = False

    @property
    def labeled_examples(self) -> BlobDataset:
        """The dataset whose blobs start a run."""
        activity = self.batch_execution
        return activity.web_service_input or next(iter(activity.web_service_inputs.values()))

    @property
    def trained_model(self) -> BlobDataset:
        """The dataset that holds the `.ilearner`."""
        return self.update_resource.trained_model_dataset

    @property
    def trained_model_output(self) -> str:
        """The training web service's output port that writes the `.ilearner`."""
        outputs = self.batch_execution.web_service_outputs
        return next(port for port, dataset in outputs.items() if dataset.name == self.trained_model.name)
