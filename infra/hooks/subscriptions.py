"""From the app's functions to the event subscriptions that they need. Pure.

What each has to say is the doctor's knowledge (`functions.retraining.doctor.subscriptions`): what is made here is
what it looks for in a live app.
"""

import re
from collections.abc import Mapping

from functions.retraining.doctor.app_index import IndexedFunction
from functions.retraining.doctor.subscriptions import Door, doors_of

from .failures import HookError

CONNECTION = "TrainingStorage"
"""The one storage account that has an event topic: infra/eventTopic.bicep."""

_SETTING = r"%([^%]+)%"


def event_subscriptions(functions: tuple[IndexedFunction, ...], settings: Mapping[str, str]) -> list[dict[str, str]]:
    """The parameter `subscriptions` of infra/events.bicep: one for each function whose blobs come from Event Grid.

    Raises HookError for a trigger on another account, or one whose path names a setting that is not among `settings`.
    """
    doors = {door.function: door for door in doors_of(functions, settings)}
    for function in functions:
        if function.name in doors:
            _check_account(function)
            _check_settings(function, settings)
    return [_subscription(door) for door in doors.values()]


def _subscription(door: Door) -> dict[str, str]:
    """Event Grid's names have letters, digits and hyphens."""
    return {
        "name": door.function.replace("_", "-"),
        "functionName": door.function,
        "subjectBeginsWith": door.begins_with,
        "subjectEndsWith": door.ends_with,
    }


def _check_account(function: IndexedFunction) -> None:
    connection = function.trigger.get("connection")
    if connection != CONNECTION:
        raise HookError(
            f"Function {function.name} listens on the storage of {connection!r}, but only the account of "
            f"{CONNECTION!r} has an event topic. Give that account one, and its event subscription, by hand."
        )


def _check_settings(function: IndexedFunction, settings: Mapping[str, str]) -> None:
    path = str(function.trigger["path"])
    missing = [name for name in re.findall(_SETTING, path) if not settings.get(name)]
    if missing:
        raise HookError(
            f"Function {function.name} watches {path}, but {', '.join(missing)} is not in azd's environment. "
            "Make it an output of infra/main.bicep, with the value that the app setting has."
        )
