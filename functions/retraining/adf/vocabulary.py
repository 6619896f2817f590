"""Every property of Data Factory v1 that this app knows, object by object, and what becomes of it.

`docs/definitions.md` is this file in prose; a test keeps the two equal. The property names are those of the v1
JSON scripting reference.
"""

from collections.abc import Mapping

SLICES = "it starts when an example arrives, not when a slice is due"
V2 = "Data Factory v2 spelling"


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


ENVELOPE = Vocabulary(
    read=("name", "properties"),
    unused={
        "id": "the deployed resource's own address",
        "type": "the folder says what the document is",
        "etag": "the deployed resource's own version",
        "apiVersion": "nothing is deployed to Data Factory",
    },
    quiet=("$schema", "description"),
)

LINKED_SERVICE = Vocabulary(
    read=("type", "typeProperties"),
    unused={
        "hubName": "nothing is deployed to Data Factory",
        "annotations": "labels for Data Factory's own pages",
    },
    unsupported={"connectVia": f"{V2} of an integration runtime", "parameters": f"{V2} of parameters"},
)

AZURE_STORAGE = Vocabulary(
    read=("connectionString",),
    unsupported={
        "sasUri": "a shared access signature instead of a connection string",
        "serviceEndpoint": "an identity instead of a connection string",
        "encryptedCredential": "a credential that only Data Factory can decrypt",
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
    ),
    unsupported={
        "authentication": f"{V2} of the way to authenticate",
        "encryptedCredential": "a credential that only Data Factory can decrypt",
    },
)

DATASET = Vocabulary(
    read=("type", "linkedServiceName", "typeProperties", "policy"),
    unused={
        "availability": SLICES,
        "external": "every example comes from outside the factory",
        "structure": "the training web service reads the blob's columns itself",
        "published": "Data Factory's own bookkeeping",
        "annotations": "labels for Data Factory's own pages",
    },
    unsupported={"parameters": f"{V2} of parameters", "schema": f"{V2} of a dataset's columns"},
)

AZURE_BLOB = Vocabulary(
    read=("folderPath", "fileName", "partitionedBy", "format"),
    unused={"compression": "the training web service is given the blob as it is"},
    unsupported={
        "fileFilter": "only some of the folder's blobs are examples",
        "location": f"{V2} of folderPath and fileName",
    },
)

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
        ),
        "the training web service reads the blob by its extension",
    ),
)

DATASET_POLICY = Vocabulary(
    read=(),
    unused={"externalData": "an example that announces itself need not be looked for"},
    unsupported={"validation": "an example that is too small would have to be refused"},
)

PIPELINE = Vocabulary(
    read=("activities", "isPaused"),
    unused={
        "start": SLICES,
        "end": SLICES,
        "pipelineMode": SLICES,
        "expirationTime": "runs are kept as long as their storage keeps them",
        "hubName": "nothing is deployed to Data Factory",
        "runtimeInfo": "Data Factory's own bookkeeping",
        "provisioningState": "Data Factory's own bookkeeping",
        "annotations": "labels for Data Factory's own pages",
        "folder": "a place on Data Factory's own pages",
    },
    unsupported={
        "datasets": "datasets inside the pipeline; give each a document of its own in dataset/",
        "parameters": f"{V2} of parameters",
        "variables": f"{V2} of variables",
        "concurrency": f"{V2} of a pipeline's concurrency",
    },
)

ACTIVITY = Vocabulary(
    read=("name", "type", "linkedServiceName", "typeProperties", "inputs", "outputs", "policy"),
    unused={"scheduler": SLICES, "userProperties": "labels for Data Factory's own pages"},
    unsupported={
        "dependsOn": f"{V2} of the order of activities",
        "state": f"{V2} of switching an activity off",
        "onInactiveMarkAs": f"{V2} of switching an activity off",
    },
)

ACTIVITY_DATASET = Vocabulary(
    read=("name",),
    unsupported={
        "startTime": "another slice of the dataset than the run's own",
        "endTime": "another slice of the dataset than the run's own",
        "referenceName": f"{V2} of a reference",
        "parameters": f"{V2} of parameters",
    },
)

BATCH_EXECUTION = Vocabulary(
    read=("webServiceInput", "webServiceInputs", "webServiceOutputs", "globalParameters"),
    unsupported={"webServiceParameters": "the name that the older AzureMLBatchScoring used for globalParameters"},
)

UPDATE_RESOURCE = Vocabulary(
    read=("trainedModelName", "trainedModelDatasetName"),
    unsupported={
        "trainedModelLinkedServiceName": f"{V2} of where the trained model lies",
        "trainedModelFilePath": f"{V2} of where the trained model lies",
        "ILearnerDatasetName": "an early name of trainedModelDatasetName",
    },
)

POLICY = Vocabulary(
    read=(
        "timeout",
        "retry",
        "concurrency",
        "executionPriorityOrder",
        "delay",
        "longRetry",
        "longRetryInterval",
    ),
    unused={
        "style": SLICES,
        "secureInput": "inputs are never logged",
        "secureOutput": "outputs are never logged",
    },
    unsupported={"retryIntervalInSeconds": f"{V2} of the pause before a re-execution"},
)
