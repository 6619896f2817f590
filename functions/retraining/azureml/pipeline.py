"""The way to a service: azure-core's pipeline over requests, one call at a time.

There is no retry policy in it. azure-core would repeat a POST on 500 and 503 (docs/wire/batch-execution.md), which must
never happen to submit; and a wait belongs into the run document, not into a sleeping function.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

import requests
from azure.core import PipelineClient
from azure.core.credentials import AzureKeyCredential, TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError
from azure.core.pipeline.policies import (
    AzureKeyCredentialPolicy,
    BearerTokenCredentialPolicy,
    HeadersPolicy,
    HttpLoggingPolicy,
    RequestIdPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse

from functions.retraining.core.errors import OutcomeUnknown, TransientError
from functions.retraining.core.redact import excerpt
from functions.retraining.core.secret import Secret
from functions.retraining.transport import bounded_transport

from .answers import Answer
from .queries import keep_out_of_log, without_queries
from .token_refusals import no_credential, no_token

UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
"""OpenSSL's name for the one TLS failure that surely comes before the request."""

NO_BUNDLE = "TLS CA certificate bundle"
"""In requests' words for a file of authorities that is not there; it looks for it before it connects."""

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. No answer of these services comes near it; junk without end must not fill the memory."""


class Service(Protocol):
    """Whatever takes a request and gives a whole answer."""

    def call(self, what: str, request: HttpRequest) -> Answer:
        """Send once. `what` names the operation in errors.

        Raises TransientError if the request was not sent, OutcomeUnknown if no whole answer came back.
        """


class PipelineService:
    """A service behind azure-core's pipeline; `authentication` makes the policy that signs its requests."""

    def __init__(self, authentication: Callable[[], Any]) -> None:
        self._authentication = authentication

    @cached_property
    def _client(self) -> PipelineClient[HttpRequest, HttpResponse]:
        policies: list[Any] = [
            RequestIdPolicy(),
            HeadersPolicy(),
            UserAgentPolicy(sdk_moniker="relearner"),
            self._authentication(),
            HttpLoggingPolicy(),
        ]
        keep_out_of_log()
        return PipelineClient("", policies=policies, transport=bounded_transport())

    def call(self, what: str, request: HttpRequest) -> Answer:
        """Send once; see `Service.call`. Raises PermanentError too where no token is given for good."""
        try:
            client = self._client
        except ValueError as error:
            raise no_credential(what, error) from error
        try:
            with client.send_request(request, stream=True) as response:
                return Answer(response.status_code, dict(response.headers), _body(response))
        except ClientAuthenticationError as error:
            raise no_token(what, error) from error
        except (AzureError, ValueError, OSError) as error:
            # ValueError: an answer's headers that azure-core cannot read. OSError: what requests raises as it is.
            raise _lost(what, error) from error


def keyed_service(api_key: Secret) -> PipelineService:
    """A classic web service endpoint, called with its API key as a bearer token."""
    return PipelineService(
        lambda: AzureKeyCredentialPolicy(AzureKeyCredential(api_key.reveal()), "Authorization", prefix="Bearer")
    )


def token_service(credential: Callable[[], TokenCredential], scope: str) -> PipelineService:
    """Azure Resource Manager, called with a token for `scope`; the policy keeps and renews it."""
    return PipelineService(lambda: BearerTokenCredentialPolicy(credential(), scope))


def _lost(what: str, error: Exception) -> TransientError:
    words = excerpt(without_queries(str(error)))
    if UNTRUSTED in str(error):
        advice = "let REQUESTS_CA_BUNDLE name the PEM file of its authority, if it is to be trusted"
        return TransientError(what, f"the service's certificate is not trusted here; {advice}: {words}")
    if NO_BUNDLE in str(error):
        return TransientError(what, f"REQUESTS_CA_BUNDLE names a file that is not there: {words}")
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
