"""Events over real sockets, as Event Grid and the polling trigger deliver them, and as they should never come."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

from devstack.event_grid import BlobCreated, EventSchema
from devstack.trigger_host.process import TriggerHost
from functions.retraining.core.blobs import BlobVersion
from tests.reliability.events_lives import as_words
from tests.reliability.events_stack import PATIENCE, EventsStack, events_stack
from tests.reliability.finding import Finding
from tests.support.waiting import wait_until

NAMES = (
    "plain.csv",
    "with space.csv",
    "ümläut-日本.csv",
    "100%.csv",
    "%20.csv",
    "a#b.csv",
    "a+b&c=d;.csv",
    "2026/11/nested.csv",
)
EVENT_GRID = {"BLOB_TRIGGER_SOURCE": "EventGrid"}


@dataclass
class Deliveries:
    """The events of some uploads: what is delivered how often, in any order and shape."""

    stack: EventsStack
    host: TriggerHost
    chance: random.Random
    times: Counter[str] = field(default_factory=Counter)

    def all_of(self, versions: list[BlobVersion]) -> None:
        """Each version's event once to three times, late and out of order, one or several in a delivery."""
        events = [version for version in versions for _ in range(self.chance.choice((1, 1, 2, 3)))]
        self.chance.shuffle(events)
        self.times["events delivered"] += len(events)
        while events:
            together = [events.pop() for _ in range(min(len(events), self.chance.randint(1, 3)))]
            schema = self.chance.choice(list(EventSchema))
            self.times[f"{schema} deliveries"] += 1
            made = [BlobCreated(version, self.stack.blobs.url) for version in together]
            self.stack.subscription(self.host).deliver(made, schema)

    def shapes_of(self, version: BlobVersion) -> None:
        """One event in every shape that was ever seen: alone, its URL raw, its subject encoded, its ETag quoted."""
        plain = BlobCreated(version, self.stack.blobs.url).in_schema(EventSchema.EVENT_GRID)
        raw = f"{self.stack.blobs.url.rstrip('/')}/{version.path}"
        other_account = f"https://elsewhere.blob.core.windows.net/{version.path}"
        shapes: list[Any] = [
            plain,
            plain | {"data": plain["data"] | {"url": raw}},
            [plain | {"subject": plain["subject"].replace(" ", "%20")}],
            [plain | {"data": plain["data"] | {"eTag": f'"{version.etag}"'}}],
            [plain | {"data": {key: value for key, value in plain["data"].items() if key != "eTag"}}],
            [plain | {"data": plain["data"] | {"url": other_account}}],
            [plain | {"data": plain["data"] | {"api": "FlushWithClose", "contentLength": 0}}],
        ]
        for shape in shapes:
            self._expect(202, shape)
        self.times["odd shapes"] += len(shapes)

    def nonsense(self, version: BlobVersion) -> None:
        """What must begin nothing: other functions, no events at all, wrong keys."""
        event = BlobCreated(version, self.stack.blobs.url).in_schema(EventSchema.CLOUD_EVENTS)
        self._expect(202, event, functionName="start_retraining")
        self._expect(202, event, functionName="Host.Functions.poll_runs")
        self._expect(401, event, code="wrong")
        self._expect(500, [event | {"data": {}}])
        self._expect(500, "no event")
        self.times["deliveries of nonsense"] += 5

    def _expect(self, status: int, body: object, **query: str) -> None:
        asked = {"functionName": "Host.Functions.start_retraining", "code": self.host.blobs_extension_key} | query
        address = f"{self.host.url}/runtime/webhooks/blobs"
        headers = {"aeg-event-type": "Notification"}
        answer = requests.post(address, params=asked, data=json.dumps(body).encode(), headers=headers, timeout=30)
        assert answer.status_code == status, f"{answer.status_code} instead of {status} for {body}"


def by_event_grid(names: tuple[str, ...], seed: int) -> Finding:
    """Examples announced in every way, some overwritten or gone before, some announced to nobody."""
    with events_stack() as stack, stack.start_host(EVENT_GRID) as host:
        deliveries = Deliveries(stack, host, random.Random(seed))  # noqa: S311 - chance that can be repeated
        stack.subscription(host).validate()
        versions = [stack.upload(name) for name in names]
        overwritten, deleted, odd = (stack.upload(f"{name}.csv") for name in ("overwritten", "deleted", "odd ü"))
        unannounced = [stack.upload(name) for name in ("lost.csv", "nonsense.csv")]
        stack.delete(deleted.name)
        deliveries.nonsense(unannounced[1])
        deliveries.all_of([*versions, overwritten, stack.upload(overwritten.name), deleted])
        deliveries.shapes_of(odd)
        stack.await_end_of([each for each in stack.existing() if each not in unannounced])
        begun = [each.path for each in unannounced if stack.ended_run(each)]
        unannounced.append(stack.upload("newest, and announced to nobody.csv"))
        deliveries.times["found by the sweep"] += len(unannounced)
        stack.sweep(host)
        stack.await_end_of(stack.existing())
        stack.keep("events by Event Grid", host)
        troubles = [*stack.troubles(), *(f"{path} was begun without an event" for path in begun)]
        return finding("events as Event Grid delivers them", stack, troubles, as_words(deliveries.times))


def by_polling(names: tuple[str, ...]) -> Finding:
    """Examples that the container scan finds: overwritten at once, gone, touched, under a receipt that is wrong."""
    with events_stack() as stack:
        with stack.start_host() as first:
            for name in names:
                stack.upload(name)
            stack.upload(names[0])
            stack.upload("deleted.csv")
            stack.delete("deleted.csv")
            wait_until(stack.open_runs, "a run has begun", seconds=PATIENCE)
            first.kill()
        stack.upload(names[-1])
        lost = stack.upload("lost.csv")
        stack.write_receipt(lost)
        with stack.start_host() as host:
            stack.await_end_of([each for each in stack.existing() if each != lost])
            begun = [lost.path] if stack.ended_run(lost) else []
            stack.touch(names[0])
            stack.await_end_of([each for each in stack.existing() if each != lost])
            stack.upload("newest.csv")
            stack.sweep(host)
            stack.await_end_of(stack.existing())
            stack.keep("events by polling", host)
        troubles = [*stack.troubles(), *(f"{path} was begun without an event" for path in begun)]
        figures = "2 overwritten, 1 deleted, 1 touched, 1 lost and found by the sweep, host killed once"
        return finding("events as the container scan finds them", stack, troubles, figures)


def finding(tried: str, stack: EventsStack, troubles: list[str], figures: str) -> Finding:
    """One line of the table: `times` are the examples that are there in the end."""
    runs = Counter(str(run.status) for run in stack.runs())
    times = len(stack.existing())
    return Finding(tried, times, max(0, times - len(troubles)), f"{figures}; runs: {as_words(runs)}", tuple(troubles))
