"""A storage queue as the host uses it: made on demand, text passed through unchanged."""

from collections.abc import Iterable
from typing import cast

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueClient, QueueMessage, QueueServiceClient


class HostQueue:
    """One queue. Times are in seconds."""

    def __init__(self, service: QueueServiceClient, name: str) -> None:
        self._queue: QueueClient = service.get_queue_client(name)

    @property
    def name(self) -> str:
        """The queue's name."""
        return self._queue.queue_name

    def send(self, text: str) -> None:
        """Append a message, with storage's default life of seven days; the queue is made if need be."""
        try:
            self._queue.send_message(text)
        except ResourceNotFoundError:
            self._make()
            self._queue.send_message(text)

    def receive(self, most: int, invisible_seconds: int) -> list[QueueMessage]:
        """Take up to `most` messages, hidden from others for so long; none from a queue that is not there (yet)."""
        messages = self._queue.receive_messages(messages_per_page=min(most, 32), visibility_timeout=invisible_seconds)
        try:
            # One page is one request; iterating on would ask until the queue is empty.
            return list(next(cast("Iterable[Iterable[QueueMessage]]", messages.by_page()).__iter__(), ()))
        except ResourceNotFoundError:
            return []

    def keep_invisible(self, message: QueueMessage, seconds: int) -> None:
        """Hide a message we hold for so long from now; 0 gives it back at once."""
        updated = self._queue.update_message(message, visibility_timeout=seconds)
        message.pop_receipt = updated.pop_receipt

    def delete(self, message: QueueMessage) -> None:
        """Remove a message we hold; harmless if it is gone."""
        try:
            self._queue.delete_message(message)
        except ResourceNotFoundError:
            return

    def _make(self) -> None:
        try:
            self._queue.create_queue()
        except ResourceExistsError:
            return
