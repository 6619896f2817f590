"""Refusals in the service's own shape and words.

Classes, codes and messages are those of Microsoft's published list (azure-docs,
articles/machine-learning/studio/web-service-error-codes.md); the body's shape was captured from a real 401. Codes
marked "ours" have no published counterpart.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

_CLASSES: Final[Mapping[str, tuple[int, str]]] = {
    "BadArgument": (400, "Invalid argument provided."),
    "BadUserArgument": (400, "Invalid user argument provided."),
    "InvalidOperation": (400, "The request is invalid in the current context."),
    "Unauthorized": (401, "Request is unauthorized to access resource."),
    "Forbidden": (403, "The request is not allowed."),  # ours
    "NotFound": (404, "Resource not found."),
    "MethodNotAllowed": (405, "The method is not allowed here."),  # ours
    "InternalError": (500, "Execution encountered an internal error."),
    "ModelPackageFormatError": (500, "Invalid model package."),
    "ServiceUnavailable": (503, "Service is temporarily unavailable."),
    "GatewayTimeout": (504, "The operation could not be completed within the permitted time."),
}

_CODES: Final[Mapping[str, tuple[str, str]]] = {
    "BadVersionCall": (
        "BadArgument",
        (
            "Invalid version parameter was passed during the API call: {0}. Check the API help page for passing the "
            "correct version and try again."
        ),
    ),
    "BatchJobInputsNotSpecified": (
        "BadArgument",
        (
            "The following required input(s) were not specified with the request: {0}. Please ensure all input data "
            "is specified and try again."
        ),
    ),
    "BlobNotFound": (
        "BadArgument",
        "Unable to access the provided Azure blob - {0}.  Azure error message: {1}.",
    ),
    "DuplicateInputInBatchCall": (
        "BadArgument",
        (
            "The batch request is invalid. Cannot specify both single and multiple input at the same time. Remove one "
            "of these items from the request and try again."
        ),
    ),
    "InputBlobRelativeLocationInvalid": (
        "BadArgument",
        "No Azure storage blob name provided. Provide a valid blob name and try again.",
    ),
    "InvalidBlob": (
        "BadArgument",
        (
            "Invalid blob specification for blob: {0}. Verify that connection string / relative path or SAS token "
            "specification is correct and try again."
        ),
    ),
    "InvalidBlobConnectionString": (
        "BadArgument",
        (
            "The connection string specified for one of the input/output blobs in invalid: {0}. Please correct this "
            "and try again."
        ),
    ),
    "InvalidBlobExtension": (
        "BadArgument",
        (
            "The blob reference: {0} has an invalid or missing file extension. Supported file extensions for this "
            'output type are: "{1}".'
        ),
    ),
    "InvalidInputNames": (
        "BadArgument",
        (
            "Invalid service input name(s) specified in the request: {0}. Please map the input data to the correct "
            "service inputs and try again."
        ),
    ),
    "InvalidOutputOverrideName": (
        "BadArgument",
        (
            "Invalid output override name: {0}. The service does not have an output node with this name. Please pass "
            "in a correct output node name to override (case sensitivity applies)."
        ),
    ),
    "MissingInputBlobInformation": (
        "BadArgument",
        (
            "Missing Azure storage blob information. Provide a valid connection string and relative path or URI and "
            "try again."
        ),
    ),
    "MissingOutputOverrideSpecification": (
        "BadArgument",
        (
            "The request is missing the blob specification for output override {0}. Please specify a valid blob "
            "location with the request, or remove the output specification if no location override is desired."
        ),
    ),
    "MissingRequestInput": (
        "BadArgument",
        (
            "The web service expects an input, but no input was provided. Ensure valid inputs are provided based on "
            "the published input ports in the model and try again."
        ),
    ),
    "MissingRequiredOutputOverrides": (
        "BadArgument",
        (
            "When calling an encrypted service endpoint it is mandatory to pass in output overrides for all the "
            "service's outputs. Missing overrides at this time for these outputs: {0}"
        ),
    ),
    "RequestBodyInvalid": (
        "BadArgument",
        "No request body provided or error in deserializing the request body.",
    ),
    "RequestIsEmpty": ("BadArgument", "No request provided. Provide a valid request and try again."),
    "UnexpectedParameter": (
        "BadArgument",
        (
            "Unexpected parameters provided. Verify all parameter names are spelled correctly, only expected "
            "parameters are passed, and try again."
        ),
    ),
    "InputMismatchError": ("BadUserArgument", "Input data does not match input port schema. {0}"),
    "InputParseError": (
        "BadUserArgument",
        (
            "Parsing of input vector failed.  Verify the input vector has the correct number of columns and data "
            "types.  Additional details: {0}."
        ),
    ),
    "CannotStartJob": ("InvalidOperation", "The job cannot be started because it is in {0} state."),
    "OperationNotSupported": ("InvalidOperation", "{0}"),  # ours
    "ScoreRequestUnauthorized": ("Unauthorized", "Invalid credentials provided."),
    "ManagementRequestUnauthorized": ("Unauthorized", "Unauthorized"),
    "WorkspaceNotFound": (
        "NotFound",
        "Workspace not found. Verify the workspace Id is correct and try again.",
    ),
    "WebServiceNotFound": (
        "NotFound",
        "Web service not found. Verify the web service Id is correct and try again.",
    ),
    "WebServiceIdNotFoundInWorkspace": (
        "NotFound",
        (
            "Web service under this workspace not found. There is a mismatch between the webServiceId and the "
            "workspaceId. Verify the web service provided is part of the workspace and try again."
        ),
    ),
    "ModelPackageNotFound": (
        "NotFound",
        "Model package not found. Verify the model package Id is correct and try again.",
    ),
    "JobNotFound": ("NotFound", "Job {0} not found."),  # ours
    "PathNotFound": ("NotFound", "{0}"),  # ours
    "VerbNotAllowed": ("MethodNotAllowed", "{0}"),  # ours
    "ModelPackageInvalid": ("ModelPackageFormatError", "{0}"),
    "UnknownError": ("InternalError", "Unknown error."),
    "NoMoreResources": ("ServiceUnavailable", "No resources available for request."),
    "RequestThrottled": (
        "ServiceUnavailable",
        "Request was throttled for this endpoint. The maximum concurrency for the endpoint is reached.",
    ),
    "BackendScoreTimeout": (
        "GatewayTimeout",
        "The web service request execution could not be completed within the permitted time.",
    ),
}


class Refusal(Exception):
    """A batch execution or scoring call refused by a specific code of the published list.

    `headers` are those that its answer has besides the usual ones.
    """

    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, code: str, *facts: str) -> None:
        self.code = code
        self.error_class, template = _CODES[code]
        self.detail = template.format(*facts)
        self.status = _CLASSES[self.error_class][0]
        super().__init__(self.detail)

    def body(self) -> dict[str, Any]:
        """Class and specific code, as captured: `error.code` is the class, `error.details[0].code` the cause."""
        return error_body(self.error_class, _CLASSES[self.error_class][1], self.code, self.detail)


class ManagementRefusal(Refusal):
    """A management call refused: its body has `code` and `message` only (management swagger's error model)."""

    def __init__(self, status: int, code: str, message: str) -> None:
        Exception.__init__(self, message)
        self.status, self.code, self.detail = status, code, message

    def body(self) -> dict[str, Any]:
        """Code and message, no details."""
        return {"error": {"code": self.code, "message": self.detail}}


def error_body(error_class: str, message: str, code: str, detail: str) -> dict[str, Any]:
    """The captured shape of an error answer."""
    details = [{"code": code, "message": detail}]
    return {"error": {"code": error_class, "message": message, "details": details}}


def class_of_status(status: int) -> tuple[str, str]:
    """The error class and message the published list gives an HTTP status; for statuses it lacks, one of ours."""
    for name, (listed, message) in _CLASSES.items():
        if listed == status:
            return name, message
    return f"Http{status}", "The request failed."
