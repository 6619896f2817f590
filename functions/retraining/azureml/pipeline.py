"""The way to a service: azure-core's pipeline over requests, one call at a time.

There is no retry policy in it. azure-core would repeat a POST on 500 and 503 (docs/wire/batch-execution.md), which must
never happen to submit; and a wait belongs into the run document, not into a sleeping function.
"""

from functools import cached_property
from typing import Any, Protocol, override

import requests
from azure.core import PipelineClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import AzureError, ServiceRequestError
from azure.core.pipeline.policies import (
    AzureKeyCredentialPolicy,
    HeadersPolicy,
    HttpLoggingPolicy,
    RequestIdPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse

from functions.retraining.core.errors import OutcomeUnknown, TransientError
from functions.retraining.core.redact import excerpt
from functions.retraining.core.secret import Secret

from .answers import Answer

CONNECT_SECONDS = 5
READ_SECONDS = 30
UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
"""OpenSSL's name for the one TLS failure that surely comes before the request."""

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. No answer of these services comes near it; junk without end must not fill the memory."""


class Service(Protocol):
    """Whatever takes a request and gives a whole answer."""

    def call(self, what: str, request: HttpRequest) -> Answer:
        """Send once. `what` names the operation in errors.

        Raises TransientError if the request was not sent, OutcomeUnknown if no whole answer came back.
        """


class _Session(requests.Session):
    """Never looks where a redirect leads: requests would read its whole body for that, however long it is."""

    @override
    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class KeyedService:
    """A classic web service endpoint, called with its API key as a bearer token."""

    def __init__(self, api_key: Secret) -> None:
        self._api_key = api_key

    @cached_property
    def _client(self) -> PipelineClient[HttpRequest, HttpResponse]:
        credential = AzureKeyCredential(self._api_key.reveal())
        policies: list[Any] = [
            RequestIdPolicy(),
            HeadersPolicy(),
            UserAgentPolicy(sdk_moniker="relearner"),
            AzureKeyCredentialPolicy(credential, "Authorization", prefix="Bearer"),
            HttpLoggingPolicy(),
        ]
        transport = RequestsTransport(session=_Session(), connection_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)
        return PipelineClient("", policies=policies, transport=transport)

    def call(self, what: str, request: HttpRequest) -> Answer:
        """Send once; see `Service.call`."""
        try:
            with self._client.send_request(request, stream=True) as response:
                return Answer(response.status_code, dict(response.headers), _body(response))
        except (AzureError, ValueError) as error:  # ValueError: an answer's headers that azure-core cannot read
            raise _lost(what, error) from error


def _lost(what: str, error: Exception) -> TransientError:
    words = excerpt(str(error))
    if UNTRUSTED in str(error):
        advice = "let REQUESTS_CA_BUNDLE name the PEM file of its authority, if it is to be trusted"
        return TransientError(what, f"the service's certificate is not trusted here; {advice}: {words}")
    if isinstance(error, ServiceRequestError) and not isinstance(error.inner_exception, requests.exceptions.SSLError):
        return TransientError(what, f"the service cannot be reached: {words}")
    # TLS that breaks for another reason may have carried the request: azure-core does not tell before from after.
    return OutcomeUnknown(what, f"no whole answer came back: {words}")


def _body(response: HttpResponse) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            message = f"the answer is larger than {LARGEST_ANSWER} bytes"
            raise AzureError(message)
    return bytes(body)
