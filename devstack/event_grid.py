"""What Event Grid does for a blob trigger, on this machine: make the BlobCreated event of an upload and post it.

The shapes are those of the "Azure Blob Storage as an Event Grid source" schema. That `url` is percent-encoded and
`subject` is not is an assumption.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from functions.retraining.core.blobs import BlobVersion

TIMEOUT_SECONDS = 30.0
"""Event Grid waits as long for an answer."""

_SUBSCRIPTION = "/subscriptions/local/resourceGroups/local/providers/Microsoft.Storage/storageAccounts"


class EventNotTakenError(RuntimeError):
    """The host did not take the delivery; the event is lost unless it is delivered again."""


class EventSchema(StrEnum):
    """The two schemas a subscription can ask for."""

    EVENT_GRID = "EventGridSchema"
    CLOUD_EVENTS = "CloudEventSchemaV1_0"


@dataclass(frozen=True)
class BlobCreated:
    """The event of one upload. `blob_service` is the blob service's address, an account in its path or not."""

    blob: BlobVersion
    blob_service: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def in_schema(self, schema: EventSchema) -> dict[str, Any]:
        """The event as that schema has it."""
        at = datetime.now(UTC).isoformat()
        kind, subject, source = "Microsoft.Storage.BlobCreated", self._subject, self._source
        if schema is EventSchema.CLOUD_EVENTS:
            head = {"source": source, "type": kind, "time": at, "specversion": "1.0"}
        else:
            head = {"topic": source, "eventType": kind, "eventTime": at, "dataVersion": "", "metadataVersion": "1"}
        return {"id": self.id, "subject": subject, "data": self._data, **head}

    @property
    def _subject(self) -> str:
        return f"/blobServices/default/containers/{self.blob.container}/blobs/{self.blob.name}"

    @property
    def _source(self) -> str:
        address = urlsplit(self.blob_service)
        return f"{_SUBSCRIPTION}/{address.path.strip('/') or (address.hostname or '').partition('.')[0]}"

    @property
    def _data(self) -> dict[str, Any]:
        return {
            "api": "PutBlob",
            "requestId": self.id,
            "eTag": self.blob.etag,
            "contentType": "application/octet-stream",
            "contentLength": self.blob.size,
            "blobType": "BlockBlob",
            "url": f"{self.blob_service.rstrip('/')}/{self.blob.container}/{quote(self.blob.name)}",
            "sequencer": f"{self.blob.last_modified.timestamp():020.0f}{0:028d}",
        }


@dataclass(frozen=True)
class EventSubscription:
    """Delivers to one function of a host at `host_url`. `key` is its system key `blobs_extension`; `func` asks none."""

    host_url: str
    function: str
    key: str = field(default="", repr=False)

    def validate(self) -> None:
        """Event Grid's handshake, without which it delivers nothing. Raises EventNotTakenError."""
        code = str(uuid.uuid4())
        answer = self._post("SubscriptionValidation", [{"data": {"validationCode": code}}])
        if answer.json().get("validationResponse") != code:
            message = "the host answered the handshake with another code"
            raise EventNotTakenError(message)

    def deliver(self, events: Sequence[BlobCreated], schema: EventSchema = EventSchema.EVENT_GRID) -> None:
        """Post the events as one array. Raises EventNotTakenError if the host does not answer, or not with success."""
        self._post("Notification", [event.in_schema(schema) for event in events])

    def _post(self, kind: str, body: list[dict[str, Any]]) -> requests.Response:
        query = {"functionName": f"Host.Functions.{self.function}", "code": self.key}
        try:
            answer = requests.post(
                f"{self.host_url.rstrip('/')}/runtime/webhooks/blobs",
                params={name: value for name, value in query.items() if value},
                data=json.dumps(body).encode(),
                headers={"aeg-event-type": kind, "Content-Type": "application/json; charset=utf-8"},
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            advice = "start one ('func start', or the stack with --host); its sweep finds what nobody announced"
            message = f"no host at {self.host_url} took the event ({type(error).__name__}): {advice}"
            raise EventNotTakenError(message) from None  # the error's own words hold the key
        if not answer.ok:
            message = f"the host at {self.host_url} answered the event with {answer.status_code}"
            raise EventNotTakenError(message)
        return answer
