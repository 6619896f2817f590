"""Event subscriptions as the Azure CLI prints them. Pure.

`az eventgrid system-topic event-subscription list` shows a webhook's address without its query, so without the
function's name; `show --include-full-endpoint-url true` shows it, with the key in it, which is never kept here.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec


@dataclass(frozen=True)
class EventSubscription:
    """What matters of one. `function` is empty where the address was printed without its query."""

    name: str
    address: str
    function: str
    event_types: tuple[str, ...] | None
    begins_with: str
    ends_with: str
    state: str
    has_dead_letters: bool
    has_advanced_filters: bool


class _Destination(msgspec.Struct, rename="camel"):
    endpoint_base_url: str | None = None
    endpoint_url: str | None = None


class _Filter(msgspec.Struct, rename="camel"):
    included_event_types: list[str] | None = None
    subject_begins_with: str | None = None
    subject_ends_with: str | None = None
    advanced_filters: list[Any] | None = None


class _Subscription(msgspec.Struct, rename="camel"):
    name: str
    destination: _Destination | None = None
    filter: _Filter | None = None
    provisioning_state: str | None = None
    dead_letter_destination: Any = None
    dead_letter_with_resource_identity: Any = None


def event_subscription_list(text: str) -> tuple[EventSubscription, ...]:
    """The subscriptions, of a list or a single one. Raises ValueError if that is not what the text is."""
    listed = msgspec.json.decode(text, type=list[_Subscription] | _Subscription)
    return tuple(map(_read, listed if isinstance(listed, list) else [listed]))


def _read(subscription: _Subscription) -> EventSubscription:
    destination, filters = subscription.destination or _Destination(), subscription.filter or _Filter()
    address = urlsplit(destination.endpoint_url or destination.endpoint_base_url or "")
    types = filters.included_event_types
    return EventSubscription(
        name=subscription.name,
        address=f"{address.scheme}://{address.netloc}{address.path}",
        function=parse_qs(address.query).get("functionName", [""])[0],
        event_types=None if types is None else tuple(types),
        begins_with=filters.subject_begins_with or "",
        ends_with=filters.subject_ends_with or "",
        state=subscription.provisioning_state or "Succeeded",
        has_dead_letters=bool(subscription.dead_letter_destination or subscription.dead_letter_with_resource_identity),
        has_advanced_filters=bool(filters.advanced_filters),
    )
