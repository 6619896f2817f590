"""The queue trigger: what is delivered, tried again and put away; and a queue that is a poison queue itself."""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient

from devstack.trigger_host.process import TriggerHost
from tests.devstack.trigger_host.apps import AppFolder
from tests.devstack.trigger_host.conftest import Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

DOORS = """
@app.queue_trigger(arg_name="message", queue_name="%QUEUE%", connection="AzureWebJobsStorage")
def queued(message: func.QueueMessage) -> None:
    body = message.get_body().decode()
    note("queued", message.dequeue_count, message.id is not None, body)
    if body.startswith("fails"):
        raise ValueError("cannot do this")


@app.queue_trigger(arg_name="message", queue_name="%QUEUE%-poison", connection="AzureWebJobsStorage")
def put_away(message: func.QueueMessage) -> None:
    body = message.get_body().decode()
    note("put away", message.dequeue_count, body)
    if body.startswith("fails at first") and message.dequeue_count < 3:
        raise ValueError("cannot do this yet")
    if body.startswith("fails for ever"):
        raise ValueError("cannot do this at all")
"""
TRIES = 4
HOST_JSON = {"extensions": {"queues": {"maxDequeueCount": TRIES, "visibilityTimeout": "00:00:00", "batchSize": 2}}}


@dataclass(frozen=True)
class Queues:
    """The queue that the app listens to, and its poison queue."""

    work: QueueClient
    poison: QueueClient

    def send(self, text: str) -> None:
        self.work.send_message(base64.b64encode(text.encode()).decode())

    def left(self) -> int:
        """Messages in the queue, hidden ones included."""
        return int(self.work.get_queue_properties().approximate_message_count or 0)

    def poison_left(self) -> int:
        """The same of the poison queue; none if there is none."""
        try:
            return int(self.poison.get_queue_properties().approximate_message_count or 0)
        except ResourceNotFoundError:
            return 0


@pytest.fixture
def queues(storage: Storage) -> Queues:
    name = f"work-{uuid.uuid4().hex[:12]}"
    return Queues(storage.queues.get_queue_client(name), storage.queues.get_queue_client(f"{name}-poison"))


@pytest.fixture
def app(tmp_path: Path) -> AppFolder:
    return AppFolder(tmp_path, DOORS, host_json=HOST_JSON)


@pytest.fixture
def host(app: AppFolder, storage: Storage, queues: Queues) -> Iterator[TriggerHost]:
    settings = {**storage.settings, **app.settings, "QUEUE": queues.work.queue_name}
    with TriggerHost.start(app.root, settings, app.state, message_invisible_seconds=1) as running:
        yield running


def test_a_queue_is_waited_for_and_its_messages_are_delivered_once_with_their_metadata(
    app: AppFolder, host: TriggerHost, queues: Queues
) -> None:
    assert host.functions == ["queued", "put_away"]
    queues.work.create_queue()
    for text in ("plain", '{"json": "ümläut"}', "日本 %20"):
        queues.send(text)
    wait_until(lambda: len(app.seen) >= 3, "all messages arrive")
    wait_until(lambda: queues.left() == 0, "the messages of finished runs are deleted")
    assert sorted(app.seen) == sorted(["queued", 1, True, text] for text in ("plain", '{"json": "ümläut"}', "日本 %20"))


@pytest.mark.usefixtures("host")
def test_a_failing_message_is_tried_as_often_as_host_json_says_and_then_put_away_unchanged(
    app: AppFolder, queues: Queues
) -> None:
    queues.work.create_queue()
    queues.send("fails, ä")
    wait_until(lambda: ["put away", 1, "fails, ä"] in app.seen, "the message is put away and handled there")
    assert app.seen[:-1] == [["queued", tried, True, "fails, ä"] for tried in range(1, TRIES + 1)]
    wait_until(lambda: queues.left() == queues.poison_left() == 0, "both queues are empty")


def test_what_is_no_base64_is_put_away_unrun(app: AppFolder, host: TriggerHost, queues: Queues) -> None:
    queues.work.create_queue()
    queues.work.send_message("no base64 at all!")
    queues.send("next")
    wait_until(lambda: queues.poison_left() == 1, "the message is put away")
    wait_until(lambda: queues.left() == 0, "the other is done")
    assert app.seen == [["queued", 1, True, "next"]]
    assert f"goes to the queue {queues.poison.queue_name}" in host.log


@pytest.mark.usefixtures("host")
def test_a_poison_queue_has_none_of_its_own_a_failure_is_tried_again_when_the_message_turns_visible(
    app: AppFolder, queues: Queues, storage: Storage
) -> None:
    queues.poison.create_queue()
    queues.poison.send_message(base64.b64encode(b"fails at first").decode())
    wait_until(lambda: queues.poison_left() == 0, "the third try succeeds")
    assert app.seen == [["put away", tried, "fails at first"] for tried in (1, 2, 3)]
    queues.poison.send_message(base64.b64encode(b"fails for ever").decode())
    wait_until(lambda: ["put away", TRIES, "fails for ever"] in app.seen, "it is tried as often as may be")
    wait_until(lambda: _dequeued(queues.poison) > TRIES + 1, "it comes again and is not run any more")
    assert app.seen[3:] == [["put away", tried, "fails for ever"] for tried in range(1, TRIES + 1)]
    assert queues.poison_left() == 1
    assert [queue.name for queue in storage.queues.list_queues(queues.poison.queue_name)] == [queues.poison.queue_name]


def _dequeued(queue: QueueClient) -> int:
    """How often the message that is visible now was taken; 0 while it is hidden."""
    return max((message.dequeue_count or 0 for message in queue.peek_messages()), default=0)
