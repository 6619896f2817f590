"""Uploads whose events fail on every try, over real sockets: nothing is lost, nothing is trained twice."""

from typing import Any

from devstack.event_grid import BlobCreated
from devstack.trigger_host.process import TriggerHost
from tests.reliability.events_on_the_wire import EVENT_GRID, finding
from tests.reliability.events_stack import PATIENCE, EventsStack, events_stack
from tests.reliability.finding import Finding
from tests.support.poison import poison_message
from tests.support.waiting import wait_until

FORGOTTEN = ("TRAINING_API_KEY", "SCORING_API_KEY")
"""Settings without which the app cannot be built: every call raises ConfigurationError, the poison door's too."""

FAILED = "record_poison (queue webjobs-blobtrigger-poison, try 1) failed"
SAID = "the host gave up on this blob's event"
NO_EVENTS = (b"{}", b"no json", b"[1, 2]", b'{"ContainerName": "examples"}', b"\xff")


def faulty_configuration(names: tuple[str, ...], *, event_grid: bool) -> Finding:
    """A setting is missing while examples are uploaded; then it is put right, and nobody uploads anything again."""
    source = EVENT_GRID if event_grid else {}
    with events_stack() as stack:
        with stack.start_host(source, without=FORGOTTEN) as host:
            _uploaded(stack, host, names, event_grid=event_grid)
            wait_until(lambda: host.log.count(FAILED) == len(names), "the poison door failed too", seconds=PATIENCE)
            begun = [*stack.open_runs(), *stack.runs()]
        with stack.start_host(source) as host:
            stack.await_end_of(stack.existing())
            wait_until(lambda: stack.poisoned() == 0, "every message is handled", seconds=PATIENCE)
            stack.keep("poison after a faulty configuration", host)
            told = host.log.count('"event_given_up"')
        troubles = [*stack.troubles(), *_without_reason(stack)]
        troubles += [f"{each} was begun while the configuration was faulty" for each in begun]
        if told < len(names):
            troubles.append(f"{told} of {len(names)} events given up were told")
        how = "Event Grid" if event_grid else "polling"
        figures = f"{told} events given up, each after 5 tries and at least one of the poison door"
        return finding(f"a configuration that was faulty at the uploads ({how})", stack, troubles, figures)


def messages_of_every_shape() -> Finding:
    """Poison messages that speak of no blob, of one that is gone, of one in every form; the same several times."""
    shapes: tuple[dict[str, Any], ...] = ({}, {"ETag": None}, {"ETag": '""0x1""'}, {"Added": {"later": True}})
    with events_stack() as stack, stack.start_host(EVENT_GRID) as host:
        gone = stack.upload("gone ü%.csv")
        stack.delete(gone.name)
        version = stack.upload("with space ü%20.csv")
        messages = [poison_message(version, **shape) for shape in shapes]
        messages += [poison_message(gone), poison_message(version, "no_longer_there"), *NO_EVENTS]
        for message in messages:
            stack.poison_message(message)
        stack.await_end_of([version])
        wait_until(lambda: stack.poisoned() == 0, "every message is handled", seconds=PATIENCE)
        stack.keep("poison of every shape", host)
        told = host.log.count('"event_given_up"')
        troubles = [*stack.troubles(), *_without_reason(stack)]
        if told != len(messages):
            troubles.append(f"{told} of {len(messages)} messages were told of")
        if len(stack.runs()) != 1:
            troubles.append(f"{len(stack.runs())} runs instead of 1")
        return finding("poison messages of every shape", stack, troubles, f"{len(messages)} messages")


def _uploaded(stack: EventsStack, host: TriggerHost, names: tuple[str, ...], *, event_grid: bool) -> None:
    versions = [stack.upload(name) for name in names]
    if event_grid:
        made = [BlobCreated(version, stack.blobs.url) for version in versions]
        stack.subscription(host).deliver(made)


def _without_reason(stack: EventsStack) -> list[str]:
    """Runs whose first line of history does not say that the host gave up."""
    return [f"{run.id} does not say why it was recorded" for run in stack.runs() if SAID not in run.history[0].note]
