"""The event subscriptions against the app's own index: names, filters, what is missing and what is too much. Pure.

The host wants the name `Host.Functions.<function>`, answers 202 for any other and drops the event, and looks at no
path: azure-sdk-for-net, Microsoft.Azure.WebJobs.Extensions.Storage.Blobs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .app_index import IndexedFunction
from .bindings import EVENT_GRID, filled
from .finding import Area, Finding
from .subscription_list import EventSubscription

EVENTS = Area("events")
HOST_FUNCTIONS = "Host.Functions."
BLOB_CREATED = "Microsoft.Storage.BlobCreated"
WEBHOOK = "/runtime/webhooks/blobs"

_AGAIN = "run `azd hooks run postdeploy` (it makes the subscriptions from the app's own index; docs/deploy.md)"
_SWEEP = "until then the sweep finds the blobs"


@dataclass(frozen=True)
class Door:
    """What the subscription of one blob-triggered function has to say."""

    function: str
    begins_with: str
    ends_with: str


def doors_of(functions: tuple[IndexedFunction, ...], values: Mapping[str, str]) -> tuple[Door, ...]:
    """The functions that only Event Grid starts: subject filters from the literal ends of their paths."""
    return tuple(
        _door(function.name, filled(str(function.trigger["path"]), values))
        for function in functions
        if function.trigger.get("type") == "blobTrigger" and function.trigger.get("source") == EVENT_GRID
    )


def examine_subscriptions(doors: tuple[Door, ...], subscriptions: tuple[EventSubscription, ...]) -> Iterator[Finding]:
    """Each door's subscription, then the subscriptions that lead to no door."""
    led: set[str] = set()
    for door in doors:
        to_it = [each for each in subscriptions if _leads_to(each, door)]
        led |= {each.name for each in to_it}
        if not to_it:
            found = f"no subscription leads to it (subject {door.begins_with}): no event starts it"
            yield EVENTS.problem(door.function, found, f"{_AGAIN}; {_SWEEP}")
        for subscription in to_it:
            yield from _examined(subscription, door)
    for subscription in subscriptions:
        if subscription.name not in led:
            yield _to_nowhere(subscription, doors)


def _door(function: str, path: str) -> Door:
    container, _, pattern = path.partition("/")
    before = pattern.partition("{")[0]
    after = pattern.rpartition("}")[2] if "{" in pattern else pattern
    return Door(function, f"/blobServices/default/containers/{container}/blobs/{before}", after)


def _leads_to(subscription: EventSubscription, door: Door) -> bool:
    """By the function's name; where that was not printed, by the container that its filter is for."""
    if subscription.function:
        return subscription.function.rpartition(".")[2] == door.function
    container = door.begins_with.partition("/blobs/")[0]
    return subscription.begins_with == container or subscription.begins_with.startswith(f"{container}/")


def _examined(subscription: EventSubscription, door: Door) -> Iterator[Finding]:
    troubles = [*_name_troubles(subscription, door), *_filter_troubles(subscription, door)]
    if not troubles:
        yield EVENTS.ok(subscription.name, f"leads what the path of {door.function} takes to it")
    for found, to_do in troubles:
        yield EVENTS.problem(subscription.name, found, to_do)
    yield from _notices(subscription, door)


def _name_troubles(subscription: EventSubscription, door: Door) -> Iterator[tuple[str, str]]:
    wanted = f"{HOST_FUNCTIONS}{door.function}"
    if subscription.function and subscription.function != wanted:
        found = f"names the function {subscription.function!r}; the host drops its events without a word"
        yield found, f"let its address name {wanted}: {_AGAIN}"
    if not subscription.address.endswith(WEBHOOK):
        yield f"posts to {subscription.address}, which is not the blob trigger's door", f"let it post to {WEBHOOK}"
    if subscription.state != "Succeeded":
        yield f"is in the state {subscription.state}", _AGAIN


def _filter_troubles(subscription: EventSubscription, door: Door) -> Iterator[tuple[str, str]]:
    if subscription.event_types is not None and BLOB_CREATED not in subscription.event_types:
        yield f"is not for {BLOB_CREATED}: no new blob is told of", f"include the event type {BLOB_CREATED}"
    if "/blobs/" not in subscription.begins_with:
        begins = subscription.begins_with or "anything"
        found = f"takes subjects that begin with {begins}: containers whose names begin alike are meant too"
        yield found, f"let its subject begin with {door.begins_with}"
    elif not door.begins_with.startswith(subscription.begins_with):
        found = f"takes subjects below {subscription.begins_with} only; the function is for {door.begins_with}"
        yield found, f"let its subject begin with {door.begins_with}; {_SWEEP}"
    if not door.ends_with.endswith(subscription.ends_with):
        found = (
            f"takes subjects that end in {subscription.ends_with} only; the function takes {door.ends_with or 'all'}"
        )
        yield found, f"let its subject end in {door.ends_with!r}; {_SWEEP}"


def _notices(subscription: EventSubscription, door: Door) -> Iterator[Finding]:
    if not subscription.function:
        show = "az eventgrid system-topic event-subscription show --include-full-endpoint-url true"
        found = f"was printed without the function's name; that it is {HOST_FUNCTIONS}{door.function} was not seen"
        yield EVENTS.notice(subscription.name, found, f"give what `{show}` prints of each (it holds the key)")
    if door.ends_with and not subscription.ends_with:
        found = f"tells of every blob, though the function takes {door.ends_with} only: the others cost a start each"
        yield EVENTS.notice(subscription.name, found, f"let its subject end in {door.ends_with}")
    if subscription.has_advanced_filters:
        yield EVENTS.notice(subscription.name, "has advanced filters, which were not looked at")
    if not subscription.has_dead_letters:
        found = "keeps no dead letters: an event that cannot be delivered (after a key was changed, say) is lost"
        yield EVENTS.notice(subscription.name, found, f"give it a dead-letter container; {_SWEEP}")


def _to_nowhere(subscription: EventSubscription, doors: tuple[Door, ...]) -> Finding:
    leads = subscription.function or subscription.begins_with or subscription.address
    if doors:
        there = f"the app's blob doors are {', '.join(f'{door.function} ({door.begins_with})' for door in doors)}"
        to_do = f"delete it; if it was meant for one of them, {_AGAIN}"
    else:
        there = "no function of the app is started by Event Grid (BLOB_TRIGGER_SOURCE)"
        to_do = f"delete it, or set BLOB_TRIGGER_SOURCE to {EVENT_GRID}"
    found = f"leads to {leads}; {there}"
    if not subscription.address.endswith(WEBHOOK):
        return EVENTS.notice(subscription.name, f"{found}. It posts to {subscription.address}, which is not this app's")
    return EVENTS.problem(subscription.name, found, to_do)
