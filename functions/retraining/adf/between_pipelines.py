"""What pipelines do to each other: write one blob, start each other in circles, update one web service."""

from collections.abc import Sequence
from itertools import combinations

from functions.retraining.core.definitions import UpdateResourceActivity

from .findings import Unset
from .node import Node, quoted
from .pipelines import PlacedPipeline
from .places import is_among, same_blob
from .roles import EXAMPLE_EXTENSIONS


def check_between(placed: Sequence[PlacedPipeline]) -> None:
    """Record what is wrong between pipelines, or worth knowing. One example feeding several is fine."""
    for first, second in combinations(placed, 2):
        _tell_same_name(first, second)
        _tell_same_blob(first, second)
    _tell_same_resource(placed)
    _tell_circles(placed)


def _tell_same_name(first: PlacedPipeline, second: PlacedPipeline) -> None:
    """Documents cannot have one name; what is named after document and activity could."""
    if first.pipeline.name.casefold() == second.pipeline.name.casefold():
        problem = f"makes a pipeline {quoted(second.pipeline.name)}, which is the name of another one"
        second.training.member("name").fault(f"{problem}; expected another name")


def _tell_same_blob(first: PlacedPipeline, second: PlacedPipeline) -> None:
    """Two trainings that write one blob would deploy each other's models."""
    for port, dataset in second.pipeline.batch_execution.web_service_outputs.items():
        for other in first.pipeline.batch_execution.web_service_outputs.values():
            if same_blob(dataset, other) or is_among(dataset, other) or is_among(other, dataset):
                _outputs(second).member(port).fault(
                    f"writes the same blob as the pipeline {quoted(first.pipeline.name)}, so each would overwrite the "
                    "other's; expected another place"
                )
                break


def _outputs(placed: PlacedPipeline) -> Node:
    return placed.training.member("typeProperties").member("webServiceOutputs")


def _tell_same_resource(placed: Sequence[PlacedPipeline]) -> None:
    seen: dict[tuple[str, str], PlacedPipeline] = {}
    for each in placed:
        for update, node in zip(each.pipeline.update_resources, each.updates, strict=True):
            resource = _resource(update)
            if resource is None:
                continue
            first = seen.get(resource)
            if first is not None:
                other = (
                    "another activity of this pipeline"
                    if first is each
                    else f"the pipeline {quoted(first.pipeline.name)}"
                )
                node.notice(f"updates the same trained model as {other}: the one that comes last stays live")
            seen.setdefault(resource, each)


def _resource(update: UpdateResourceActivity) -> tuple[str, str] | None:
    """The scoring web service and the name of its trained model."""
    address = update.linked_service.update_resource_endpoint
    if address is None or isinstance(address, Unset) or isinstance(update.trained_model_name, Unset):
        return None
    return address.partition("?")[0].rstrip("/").lower(), update.trained_model_name


def _tell_circles(placed: Sequence[PlacedPipeline]) -> None:
    """A training's output may be another's example; but if that leads back, one upload would train for ever."""
    follows = [[index for index, next_ in enumerate(placed) if _starts(each, next_)] for each in placed]
    for index, each in enumerate(placed):
        circle = _way_back(index, follows)
        if circle and min(circle) == index:
            names = " and ".join(quoted(placed[other].pipeline.name) for other in circle[1:])
            each.training.fault(
                f"writes an example of {names}, which leads back to this one: each run would start another; "
                "expected one of the outputs elsewhere"
            )


def _starts(one: PlacedPipeline, other: PlacedPipeline) -> bool:
    """Whether what one writes is an example of the other. Within one pipeline, that is told where it is read."""
    if one is other:
        return False
    outputs = one.pipeline.batch_execution.web_service_outputs.values()
    examples = [dataset for dataset in outputs if (dataset.file_name or "").lower().endswith(EXAMPLE_EXTENSIONS)]
    inputs = other.pipeline.batch_execution.inputs
    return any(is_among(dataset, read) for dataset in examples for read in inputs)


def _way_back(start: int, follows: Sequence[Sequence[int]]) -> list[int]:
    """The shortest way from a pipeline back to itself, beginning with it; empty if there is none."""
    ways, seen = [[start]], {start}
    for way in ways:
        for following in follows[way[-1]]:
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []
