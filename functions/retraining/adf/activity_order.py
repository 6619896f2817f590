"""`dependsOn`, `state` and the datasets that only order activities: what they say has to fit what a run does.

A run trains, then updates every scoring web service, each for itself.
"""

from collections.abc import Sequence

from .batch_execution import Training
from .findings import Unset
from .node import Fields, Node, quoted
from .update_resource import Update
from .vocabulary import DEPENDENCY

_ADVICE = "take it out of the pipeline, or set the pipeline's isPaused"


def is_active(fields: Fields, what: str, *, may_be_left_out: bool) -> bool:
    """Whether v2's `state` lets the activity run. One that can be left out is, with a notice; else that is a fault."""
    state, mark = fields.find("state"), fields.find("onInactiveMarkAs")
    text = state.text()
    if text not in (None, "Active", "Inactive") and not isinstance(text, Unset):
        state.fault("is no state; expected Active or Inactive")
    if text != "Inactive":
        return True
    if mark.text() not in (None, "Succeeded"):
        mark.not_supported(f"a result for an activity that does not run; {_ADVICE}")
    if may_be_left_out:
        state.notice(f"is Inactive: the {what} is left out")
    else:
        state.not_supported(f"a {what} that does not run; {_ADVICE}")
    return False


def check_order(trainings: Sequence[Training], updates: Sequence[Update], names: Sequence[str]) -> None:
    """Check every `dependsOn` and every input that only orders; `names` are all activities of the pipeline."""
    trained = {(training.activity.name or "").casefold() for training in trainings}
    for training in trainings:
        for node in _dependencies(training.activity.node, names):
            node.not_supported("a training that waits for another activity; it starts when an example arrives")
    for update in updates:
        _check_update(update, trained, names)
    _check_inputs(trainings, updates)


def _check_update(update: Update, trained: set[str], names: Sequence[str]) -> None:
    depends_on = update.activity.node.member("dependsOn")
    nodes = _dependencies(update.activity.node, names)
    on = [str(node.value).casefold() for node in nodes]
    if update.activity.is_v2 and trained and not trained & set(on):
        where = update.activity.node if depends_on.absent else depends_on
        where.notice("does not depend on the training; in an event-driven run it follows the training all the same")
    for node, name in zip(nodes, on, strict=True):
        if name not in trained:
            node.notice("not used by an event-driven run: each update has a policy and an outcome of its own")


def _dependencies(activity: Node, names: Sequence[str]) -> list[Node]:
    """Where the activities are named that this one depends on; those that cannot be are faults."""
    read = [_dependency(item, activity, names) for item in activity.member("dependsOn").items()]
    return [node for node in read if node is not None]


def _dependency(item: Node, activity: Node, names: Sequence[str]) -> Node | None:
    fields = item.fields(DEPENDENCY)
    if fields is None:
        return None
    _check_conditions(fields.find("dependencyConditions"))
    node = fields.need("activity", "the name of another activity of this pipeline")
    name = node.text()
    if name is None or isinstance(name, Unset):
        return None
    if name.casefold() not in names:
        node.fault("is not the name of an activity of this pipeline; expected another one's name")
        return None
    own = activity.member("name").value
    if isinstance(own, str) and own.casefold() == name.casefold():
        node.fault("is this activity itself; expected another one's name")
        return None
    return node


def _check_conditions(node: Node) -> None:
    for item in node.items():
        text = item.text()
        if text is not None and text != "Succeeded" and not isinstance(text, Unset):
            item.not_supported(f"running after an activity that has {quoted(text)}; expected Succeeded")


def _check_inputs(trainings: Sequence[Training], updates: Sequence[Update]) -> None:
    """Of an update's further inputs, those that the pipeline itself writes only order; others would be waited for."""
    activities = [*(each.activity for each in trainings), *(each.activity for each in updates)]
    written = {name for activity in activities for name in activity.outputs}
    for update in updates:
        for entry in update.other_inputs:
            if entry.dataset is not None and entry.dataset.name.casefold() in written:
                entry.node.notice(
                    "not used by an event-driven run: an update follows its training, whatever its inputs"
                )
            else:
                what = "an input other than the trained model: the update would have to wait for it; take it out"
                entry.node.not_supported(what)
