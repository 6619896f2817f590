"""What the user's Data Factory JSON means here: pipelines, activities, datasets, linked services.

The names are Data Factory's own. Built by `functions.retraining.adf`; read by everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .secret import Secret
from .slices import Partition, TextFormat, filled, filter_pattern, pattern_of

TRAINED_MODEL_EXTENSION = ".ilearner"


class ExecutionPriorityOrder(StrEnum):
    """Which of several waiting examples goes first."""

    OLDEST_FIRST = "OldestFirst"
    NEWEST_FIRST = "NewestFirst"


@dataclass(frozen=True)
class ActivityPolicy:
    """An activity's `policy`, with Data Factory v1's defaults.

    `timeout` None means none: 00:00:00 in the JSON. `retry` counts re-executions: n allows 1 + n executions a round,
    `retry_interval` (v2) apart. `long_retry` counts rounds, `long_retry_interval` apart. `delay` is waited after the
    example's arrival.
    """

    timeout: timedelta | None = None
    retry: int = 0
    retry_interval: timedelta = timedelta(0)
    delay: timedelta = timedelta(0)
    long_retry: int = 1
    long_retry_interval: timedelta = timedelta(0)
    concurrency: int = 1
    execution_priority_order: ExecutionPriorityOrder = ExecutionPriorityOrder.OLDEST_FIRST


@dataclass(frozen=True)
class ConnectionStringAccess:
    """AzureStorage by `connectionString`: account and key."""

    connection_string: Secret


@dataclass(frozen=True)
class SasUriAccess:
    """AzureStorageSas by `sasUri`: the account's (or container's) URL without slash, and the query with its `?`."""

    url: str
    signature: Secret

    @property
    def account_url(self) -> str:
        """The account's blob endpoint, ending in a slash, also if the signature is for one container."""
        scheme, _, rest = self.url.partition("://")
        host, _, path = rest.partition("/")
        # By an IP address, the account is the first part of the path: the storage documentation's "IP-style URLs".
        by_address = host.partition(":")[0].replace(".", "").isdigit()
        return f"{scheme}://{host}/{path.partition('/')[0]}/" if by_address else f"{scheme}://{host}/"


@dataclass(frozen=True)
class IdentityAccess:
    """A storage account by its blob endpoint alone: the app's identity is what opens it."""

    account_url: str


StorageAccess = ConnectionStringAccess | SasUriAccess | IdentityAccess


@dataclass(frozen=True)
class StorageLinkedService:
    """A linked service of type AzureStorage, AzureStorageSas or (v2) AzureBlobStorage."""

    name: str
    access: StorageAccess


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
class ExternalData:
    """`policy.externalData`: how to look for a blob that is made elsewhere, with Data Factory's defaults.

    The first look is after `data_delay`; a look goes on for `retry_timeout`, asking each `retry_interval`; there are
    `maximum_retry` more of them.
    """

    data_delay: timedelta = timedelta(0)
    retry_interval: timedelta = timedelta(minutes=1)
    retry_timeout: timedelta = timedelta(minutes=10)
    maximum_retry: int = 3


@dataclass(frozen=True)
class Validation:
    """`policy.validation`: what a blob must have before it is used."""

    minimum_size_mb: float = 0
    minimum_rows: int = 0


@dataclass(frozen=True)
class BlobDataset:
    """A dataset of type AzureBlob: one blob, a blob per slice, or (without `fileName`) the blobs below a folder.

    Paths may have `{partition}` holes in all but the container.
    """

    name: str
    linked_service: StorageLinkedService
    folder_path: str
    file_name: str | None = None
    partitioned_by: tuple[Partition, ...] = ()
    file_filter: str | None = None
    external_data: ExternalData = ExternalData()
    validation: Validation = Validation()

    @property
    def container(self) -> str:
        """The first part of `folderPath`."""
        return self.folder_path.strip("/").partition("/")[0]

    @property
    def folder(self) -> str:
        """`folderPath` below the container, ending in a slash unless empty; holes unfilled."""
        below = self.folder_path.strip("/").partition("/")[2]
        return f"{below}/" if below else ""

    @property
    def fixed_prefix(self) -> str:
        """What every blob's name begins with, whatever its slice."""
        return f"{self.folder}{self.file_name or ''}".partition("{")[0]

    def blob_name_at(self, uploaded: datetime) -> str | None:
        """The blob's name for a run on an example that was uploaded then; None for a folder."""
        if self.file_name is None:
            return None
        return filled(f"{self.folder}{self.file_name}", self.partitioned_by, uploaded)

    def holds(self, container: str, name: str) -> bool:
        """Whether a blob is this dataset's blob, of any slice, or lies in its folder and passes its filter."""
        if container != self.container:
            return False
        if self.file_name is not None:
            return bool(pattern_of(f"{self.folder}{self.file_name}", self.partitioned_by).fullmatch(name))
        found = pattern_of(self.folder, self.partitioned_by).match(name)
        return bool(found) and bool(filter_pattern(self.file_filter or "*").fullmatch(name.rpartition("/")[2]))


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
    global_parameters: Mapping[str, str | TextFormat] = field(default_factory=dict)
    policy: ActivityPolicy = ActivityPolicy()

    @property
    def inputs(self) -> tuple[BlobDataset, ...]:
        """Every input, each once."""
        datasets = [*([self.web_service_input] if self.web_service_input else []), *self.web_service_inputs.values()]
        return tuple({dataset.name: dataset for dataset in datasets}.values())


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
    """One retraining pipeline: a batch execution whose `.ilearner` output update resource activities use."""

    name: str
    batch_execution: BatchExecutionActivity
    update_resources: tuple[UpdateResourceActivity, ...]
    is_paused: bool = False
    supersede_older_examples: bool = False

    @property
    def labeled_examples(self) -> BlobDataset:
        """The first input: the one, where there is one."""
        return self.batch_execution.inputs[0]

    def example_of(self, container: str, name: str) -> BlobDataset:
        """The input dataset that a blob belongs to. Raises LookupError if it belongs to none."""
        found = next((dataset for dataset in self.batch_execution.inputs if dataset.holds(container, name)), None)
        if found is None:
            message = f"{container}/{name} is no input of pipeline {self.name}"
            raise LookupError(message)
        return found

    def takes(self, container: str, name: str) -> bool:
        """Whether a blob is one of the examples that begin a run."""
        return any(dataset.holds(container, name) for dataset in self.batch_execution.inputs)

    @property
    def trained_model(self) -> BlobDataset:
        """The dataset that holds the `.ilearner`."""
        return self.update_resources[0].trained_model_dataset

    @property
    def trained_model_output(self) -> str:
        """The training web service's output port that writes the `.ilearner`."""
        outputs = self.batch_execution.web_service_outputs
        return next(port for port, dataset in outputs.items() if dataset.name == self.trained_model.name)
