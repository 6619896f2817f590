"""Every property of Data Factory that this app knows, object by object, and what becomes of it.

The tables of `docs/from-data-factory.md` are this file in prose; a test keeps the two equal. The property names are
those of the v1 JSON scripting reference and of v2's resource schema (2018-06-01).
"""

from collections.abc import Iterator, Mapping

SLICES = "it starts when an example arrives, not when a slice is due"
PAGES = "labels for Data Factory's own pages"
NOT_DEPLOYED = "nothing is deployed to Data Factory"
BOOKKEEPING = "Data Factory's own bookkeeping"
ENCRYPTED = "a credential that only Data Factory can decrypt; write the secret as %SETTING%"
PARAMETERS = "parameters, which are filled in while Data Factory runs; write the values"
RUNTIME = "the function app itself makes the calls, so its network has to reach the service"
CONTENT = "the training web service reads the blob by its extension"

SUPPORTED = "supported"
NOT_USED = "not used"
NOT_SUPPORTED = "not supported"


class Vocabulary:
    """What an object may hold.

    `read` is used; `unused` (name to reason) is reported as a notice; `unsupported` (name to what it would mean)
    is a fault, because ignoring it would change what a run does; `quiet` needs no word.
    """

    def __init__(
        self,
        read: tuple[str, ...],
        unused: Mapping[str, str] | None = None,
        unsupported: Mapping[str, str] | None = None,
        quiet: tuple[str, ...] = ("description",),
    ) -> None:
        self.read = read
        self.unused = unused or {}
        self.unsupported = unsupported or {}
        self.quiet = quiet

    @property
    def known(self) -> tuple[str, ...]:
        """Every name with a meaning here."""
        return (*self.read, *self.unused, *self.unsupported, *self.quiet)

    @property
    def fates(self) -> Mapping[str, str]:
        """What becomes of each property."""
        return {
            **dict.fromkeys(self.read, SUPPORTED),
            **dict.fromkeys((*self.unused, *self.quiet), NOT_USED),
            **dict.fromkeys(self.unsupported, NOT_SUPPORTED),
        }


ENVELOPE = Vocabulary(
    read=("name", "properties"),
    unused={
        "id": "the deployed resource's own address",
        "type": "the folder says what the document is",
        "etag": "the deployed resource's own version",
        "apiVersion": NOT_DEPLOYED,
    },
    quiet=("$schema", "description"),
)

LINKED_SERVICE = Vocabulary(
    read=("type", "typeProperties"),
    unused={
        "hubName": NOT_DEPLOYED,
        "annotations": PAGES,
        "connectVia": RUNTIME,
        "version": BOOKKEEPING,
    },
    unsupported={"parameters": PARAMETERS},
)

STORAGE = Vocabulary(
    read=("connectionString", "accountKey", "sasUri", "sasToken", "serviceEndpoint", "authenticationType"),
    unused={
        "accountKind": "the storage account knows its own kind",
        "azureCloudType": "the addresses say which cloud it is",
    },
    unsupported={
        "encryptedCredential": ENCRYPTED,
        "servicePrincipalId": "a service principal that opens storage; the app's own identity does (serviceEndpoint)",
        "servicePrincipalKey": "a service principal that opens storage; the app's own identity does (serviceEndpoint)",
        "tenant": "a service principal that opens storage; the app's own identity does (serviceEndpoint)",
        "credential": "an identity other than the app's own",
        "containerUri": "a container without any authentication",
    },
)

AZURE_ML = Vocabulary(
    read=(
        "mlEndpoint",
        "apiKey",
        "updateResourceEndpoint",
        "servicePrincipalId",
        "servicePrincipalKey",
        "tenant",
        "authentication",
    ),
    unsupported={"encryptedCredential": ENCRYPTED},
)

KEY_VAULT = Vocabulary(
    read=(),
    unused={"baseUrl": "secrets are app settings; on the platform these are Key Vault references"},
    unsupported={"credential": "an identity other than the app's own"},
)

SECURE_STRING = Vocabulary(read=("type", "value"), quiet=())

KEY_VAULT_SECRET = Vocabulary(
    read=("type", "store", "secretName"),
    unused={"secretVersion": "the setting's own Key Vault reference says which version"},
    quiet=(),
)

REFERENCE = Vocabulary(read=("referenceName", "type"), unsupported={"parameters": PARAMETERS}, quiet=())

DATASET = Vocabulary(
    read=("type", "linkedServiceName", "typeProperties", "policy"),
    unused={
        "availability": SLICES,
        "external": "every example comes from outside the factory",
        "structure": "the training web service reads the blob's columns itself",
        "schema": "the training web service reads the blob's columns itself",
        "published": BOOKKEEPING,
        "annotations": PAGES,
        "folder": "a place on Data Factory's own pages",
    },
    unsupported={"parameters": PARAMETERS},
)

AZURE_BLOB = Vocabulary(
    read=("folderPath", "fileName", "fileFilter", "partitionedBy", "format"),
    unused={"compression": "the training web service is given the blob as it is"},
    unsupported={
        "location": "the spelling of v2's other dataset types; write folderPath and fileName",
        "tableRootLocation": "the root of a copied table",
        "modifiedDatetimeStart": "only blobs of a certain time are examples",
        "modifiedDatetimeEnd": "only blobs of a certain time are examples",
    },
)

PARTITION = Vocabulary(read=("name", "value"), quiet=())

PARTITION_VALUE = Vocabulary(read=("type", "date", "format"), quiet=())

FORMAT = Vocabulary(
    read=("type",),
    unused=dict.fromkeys(
        (
            "columnDelimiter",
            "rowDelimiter",
            "escapeChar",
            "quoteChar",
            "nullValue",
            "encodingName",
            "firstRowAsHeader",
            "skipLineCount",
            "treatEmptyAsNull",
            "serializer",
            "deserializer",
        ),
        CONTENT,
    ),
)

DATASET_POLICY = Vocabulary(read=("validation", "externalData"), unused={"latency": SLICES})

VALIDATION = Vocabulary(read=("minimumSizeMB", "minimumRows"))

EXTERNAL_DATA = Vocabulary(read=("dataDelay", "retryInterval", "retryTimeout", "maximumRetry"))

PIPELINE = Vocabulary(
    read=("activities", "isPaused", "concurrency", "supersedeOlderExamples"),
    unused={
        "start": SLICES,
        "end": SLICES,
        "pipelineMode": SLICES,
        "expirationTime": "runs are kept as long as their storage keeps them",
        "hubName": NOT_DEPLOYED,
        "runtimeInfo": BOOKKEEPING,
        "provisioningState": BOOKKEEPING,
        "lastPublishTime": BOOKKEEPING,
        "annotations": PAGES,
        "folder": "a place on Data Factory's own pages",
        "policy": "limits of Data Factory's own metrics",
    },
    unsupported={
        "datasets": "datasets inside the pipeline; give each a document of its own in dataset/",
        "parameters": PARAMETERS,
        "variables": "variables, which are filled in while Data Factory runs; write the values",
        "runDimensions": "dimensions, which are filled in while Data Factory runs",
    },
)

ACTIVITY = Vocabulary(
    read=(
        "name",
        "type",
        "linkedServiceName",
        "typeProperties",
        "inputs",
        "outputs",
        "policy",
        "dependsOn",
        "state",
        "onInactiveMarkAs",
    ),
    unused={"scheduler": SLICES, "userProperties": PAGES},
)

ACTIVITY_DATASET = Vocabulary(
    read=("name", "referenceName", "type"),
    unsupported={
        "startTime": "another slice of the dataset than the run's own",
        "endTime": "another slice of the dataset than the run's own",
        "parameters": PARAMETERS,
    },
)

DEPENDENCY = Vocabulary(read=("activity", "dependencyConditions"), quiet=())

PORT = Vocabulary(read=("filePath", "FilePath", "linkedServiceName", "LinkedServiceName"), quiet=())

BATCH_EXECUTION = Vocabulary(
    read=("webServiceInput", "webServiceInputs", "webServiceOutputs", "globalParameters"),
    unsupported={"webServiceParameters": "the name that the older AzureMLBatchScoring used for globalParameters"},
)

UPDATE_RESOURCE = Vocabulary(
    read=(
        "trainedModelName",
        "trainedModelDatasetName",
        "ILearnerDatasetName",
        "trainedModelLinkedServiceName",
        "trainedModelFilePath",
    ),
)

POLICY = Vocabulary(
    read=(
        "timeout",
        "retry",
        "retryIntervalInSeconds",
        "delay",
        "longRetry",
        "longRetryInterval",
        "concurrency",
        "executionPriorityOrder",
    ),
    unused={
        "style": SLICES,
        "secureInput": "inputs are never logged",
        "secureOutput": "outputs are never logged",
    },
)

OBJECTS: Mapping[str, Vocabulary] = {
    "Every document": ENVELOPE,
    "Linked service": LINKED_SERVICE,
    "AzureStorage, AzureStorageSas, AzureBlobStorage": STORAGE,
    "AzureML": AZURE_ML,
    "AzureKeyVault": KEY_VAULT,
    "SecureString": SECURE_STRING,
    "AzureKeyVaultSecret": KEY_VAULT_SECRET,
    "A v2 reference": REFERENCE,
    "Dataset": DATASET,
    "AzureBlob": AZURE_BLOB,
    "partitionedBy": PARTITION,
    "A partition's value": PARTITION_VALUE,
    "format": FORMAT,
    "Dataset policy": DATASET_POLICY,
    "validation": VALIDATION,
    "externalData": EXTERNAL_DATA,
    "Pipeline": PIPELINE,
    "Activity": ACTIVITY,
    "An activity's inputs and outputs": ACTIVITY_DATASET,
    "dependsOn": DEPENDENCY,
    "AzureMLBatchExecution": BATCH_EXECUTION,
    "A port in v2": PORT,
    "AzureMLUpdateResource": UPDATE_RESOURCE,
    "Activity policy": POLICY,
}
"""Every object by its heading in `docs/from-data-factory.md`."""


def counts() -> Mapping[str, int]:
    """How many properties have which fate."""
    fates = [fate for words in OBJECTS.values() for fate in words.fates.values()]
    return {fate: fates.count(fate) for fate in (SUPPORTED, NOT_USED, NOT_SUPPORTED)}


def table() -> Iterator[str]:
    """Every object's properties and their fates, and how many there are of each: for people and reports."""
    for heading, words in OBJECTS.items():
        yield heading
        yield from (f"  {name}: {fate}" for name, fate in words.fates.items())
    yield ", ".join(f"{number} {fate}" for fate, number in counts().items())
