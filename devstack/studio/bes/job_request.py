"""What a submit call asks for, checked as the service checks it.

The rules and their codes: azure-docs web-service-error-codes.md; the body's keys: azuremlps @98cb01c swagger.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from azure.core.exceptions import AzureError

from devstack.studio.bes.job import JobRequest
from devstack.studio.blob_reference import BlobReference
from devstack.studio.errors import Refusal
from devstack.studio.workspace import MODEL_EXTENSIONS, WebService

_KNOWN_KEYS: Final = frozenset({"Input", "Inputs", "Output", "Outputs", "GlobalParameters", "AzureBatchPoolId"})


def read_job_request(body: bytes, service: WebService, endpoint_id: str) -> JobRequest:
    """Check and read a submit call's body. Raises Refusal with the service's own code for whatever is wrong."""
    request = _document(body)
    examples = _examples(request, service)
    outputs = _outputs(request, service)
    _check_exists(examples)
    return JobRequest(endpoint_id, examples, outputs)


def _document(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        raise Refusal("RequestIsEmpty")
    try:
        request = json.loads(body)
    except ValueError as error:
        raise Refusal("RequestBodyInvalid") from error
    if not isinstance(request, dict) or not isinstance(request.get("GlobalParameters") or {}, dict):
        raise Refusal("RequestBodyInvalid")
    if set(request) - _KNOWN_KEYS:
        raise Refusal("UnexpectedParameter")
    return request


def _examples(request: Mapping[str, Any], service: WebService) -> BlobReference:
    single, several = request.get("Input"), request.get("Inputs")
    if single and several:
        raise Refusal("DuplicateInputInBatchCall")
    if not single and not several:
        raise Refusal("MissingRequestInput")
    port, extensions = next(iter(service.inputs.items()))
    reference = _input(single if single else _of_port(several, service), port)
    _check_extension(reference, extensions)
    return reference


def _of_port(inputs: object, service: WebService) -> object:
    if not isinstance(inputs, dict):
        raise Refusal("RequestBodyInvalid")
    unknown = [name for name in inputs if name not in service.inputs]
    if unknown:
        raise Refusal("InvalidInputNames", ", ".join(unknown))
    port = next(iter(service.inputs))
    if not inputs.get(port):
        raise Refusal("BatchJobInputsNotSpecified", port)
    return inputs[port]


def _input(wire: object, port: str) -> BlobReference:
    reference = _reference(wire, port)
    if not reference.connection_string and not (reference.base_location and reference.sas_blob_token):
        raise Refusal("MissingInputBlobInformation")
    if not reference.container or not reference.name:
        raise Refusal("InputBlobRelativeLocationInvalid")
    _check_connection_string(reference)
    return reference


def _outputs(request: Mapping[str, Any], service: WebService) -> Mapping[str, BlobReference]:
    wires = request.get("Outputs") or {}
    if not isinstance(wires, dict):
        raise Refusal("RequestBodyInvalid")
    for name in wires:
        if name not in service.outputs:
            raise Refusal("InvalidOutputOverrideName", name)
    outputs = {name: _output(wire, name, service.outputs[name]) for name, wire in wires.items()}
    # The studio has no storage of its own, so it must be told where the model goes.
    missing = [n for n, kinds in service.outputs.items() if kinds == MODEL_EXTENSIONS and n not in outputs]
    if missing:
        raise Refusal("MissingRequiredOutputOverrides", ", ".join(missing))
    return outputs


def _output(wire: object, port: str, extensions: Sequence[str]) -> BlobReference:
    if not wire:
        raise Refusal("MissingOutputOverrideSpecification", port)
    reference = _reference(wire, port)
    has_access = reference.connection_string or (reference.base_location and reference.sas_blob_token)
    if not has_access or not reference.container or not reference.name:
        raise Refusal("MissingOutputOverrideSpecification", port)
    _check_connection_string(reference)
    _check_extension(reference, extensions)
    return reference


def _reference(wire: object, port: str) -> BlobReference:
    if not isinstance(wire, dict):
        raise Refusal("InvalidBlob", port)
    try:
        return BlobReference.from_wire(wire)
    except TypeError as error:
        raise Refusal("InvalidBlob", port) from error


def _check_connection_string(reference: BlobReference) -> None:
    try:
        reference.client().close()
    except ValueError as error:
        # The message must not repeat the connection string: there is a key in it.
        raise Refusal("InvalidBlobConnectionString", reference.relative_location) from error


def _check_extension(reference: BlobReference, extensions: Sequence[str]) -> None:
    if not reference.name.lower().endswith(tuple(extensions)):
        raise Refusal("InvalidBlobExtension", reference.relative_location, ", ".join(extensions))


def _check_exists(reference: BlobReference) -> None:
    try:
        reference.etag()
    except AzureError as error:
        said = str(getattr(error, "error_code", None) or type(error).__name__)
        raise Refusal("BlobNotFound", reference.relative_location, said) from error
