"""`/runtime/webhooks/blobs`: where Event Grid tells the host of blobs; the answer is given when the message is queued.

Rules of the storage extension's webhook and Event Grid's HttpRequestProcessor. No receipts, no look at the blob, no
look at the function: whatever is wrong with those is found when the message is read, and dropped there.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from azure.core.exceptions import AzureError
from werkzeug.wrappers import Request, Response

from devstack.trigger_host.blob_events import blob_of
from devstack.trigger_host.blob_message import BlobTriggerMessage

BLOB_WEBHOOK = "/runtime/webhooks/blobs"

_ORIGIN = "eventgrid.azure.net"

_log = logging.getLogger(__name__)


class BlobWebhook:
    """Answers Event Grid; whoever calls this has checked the system key `blobs_extension`."""

    def __init__(self, enqueue: Callable[[BlobTriggerMessage], None]) -> None:
        self._enqueue = enqueue

    def answer(self, request: Request) -> Response:
        """Answer one delivery or handshake: 202 when every event's message is queued, 500 with no body on any trouble.

        Event Grid delivers again after a 500, the events that were queued before the trouble too.
        """
        try:
            return self._answer(request)
        except (ValueError, TypeError, LookupError, AzureError) as error:
            _log.error("An Event Grid delivery cannot be taken: %s", error)
            return Response(status=500)

    def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status=200, headers={"Webhook-Allowed-Origin": _ORIGIN})
        kind = request.headers.get("aeg-event-type", "").casefold()
        if kind == "subscriptionvalidation":
            return Response(json.dumps({"validationResponse": _validation_code(_body(request))}))
        if kind == "notification":
            return self._notified(request)
        return Response(status=202 if kind == "unsubscribe" else 400)

    def _notified(self, request: Request) -> Response:
        body, function = _body(request), request.args.get("functionName", "")
        if not isinstance(body, dict | list):
            raise TypeError(f"neither an event nor an array of events, but a JSON {type(body).__name__}")
        for event in body if isinstance(body, list) else [body]:
            self._enqueue(BlobTriggerMessage(function, blob_of(event)))
        return Response(status=202)


def _body(request: Request) -> Any:  # noqa: ANN401  # whatever was posted
    return json.loads(request.get_data())


def _validation_code(body: Any) -> str:  # noqa: ANN401  # whatever was posted
    if isinstance(body, dict):
        # In a CloudEvent the data is JSON inside JSON.
        return str(json.loads(body["data"])["validationCode"])
    return str(body[0]["data"]["validationCode"])
