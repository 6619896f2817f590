"""From a blob trigger's path to the filter of its event subscription."""

import pytest

from functions.retraining.doctor.app_index import IndexedFunction
from infra.hooks.failures import HookError
from infra.hooks.subscriptions import event_subscriptions

BEGIN = "/blobServices/default/containers"


def functions(path: str, **changed: str) -> tuple[IndexedFunction, ...]:
    trigger = {"type": "blobTrigger", "path": path, "connection": "TrainingStorage", "source": "EventGrid"}
    timer = IndexedFunction("a_timer", [{"type": "timerTrigger", "schedule": "%NOT_SET%"}])
    return timer, IndexedFunction("a_function", [trigger | changed])


@pytest.mark.parametrize(
    ("path", "begins", "ends"),
    [
        ("examples/{name}", f"{BEGIN}/examples/blobs/", ""),
        ("examples/{name}.arff", f"{BEGIN}/examples/blobs/", ".arff"),
        ("examples/new/{name}", f"{BEGIN}/examples/blobs/new/", ""),
        ("examples/{folder}/{name}.csv", f"{BEGIN}/examples/blobs/", ".csv"),
        ("%EXAMPLES%/{name}", f"{BEGIN}/set/blobs/", ""),
        ("%EXAMPLES%/x-%EXAMPLES%/{name}", f"{BEGIN}/set/blobs/x-set/", ""),
        ("examples/one.arff", f"{BEGIN}/examples/blobs/one.arff", "one.arff"),
        ("examples", f"{BEGIN}/examples/blobs/", ""),
    ],
)
def test_a_path_becomes_a_filter_that_ends_the_containers_name(path: str, begins: str, ends: str) -> None:
    (found,) = event_subscriptions(functions(path), {"EXAMPLES": "set"})
    assert (found["subjectBeginsWith"], found["subjectEndsWith"]) == (begins, ends)
    assert (found["name"], found["functionName"]) == ("a-function", "a_function")


def test_a_trigger_that_polls_has_none() -> None:
    assert event_subscriptions(functions("a/{b}", source="LogsAndContainerScan"), {}) == []


def test_a_trigger_on_another_account_is_a_fault() -> None:
    with pytest.raises(HookError, match="only the account of 'TrainingStorage' has an event topic"):
        event_subscriptions(functions("a/{b}", connection="OtherStorage"), {})


@pytest.mark.parametrize("settings", [{}, {"EXAMPLES": ""}])
def test_a_setting_that_is_not_there_is_a_fault(settings: dict[str, str]) -> None:
    with pytest.raises(HookError, match="EXAMPLES is not in azd's environment"):
        event_subscriptions(functions("%EXAMPLES%/{b}"), settings)
