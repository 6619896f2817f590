"""Doing the same for several pipelines: one's trouble is not the others'."""

from collections.abc import Callable, Iterable

from .app import PipelineServices


def each_for_itself[T](pipelines: Iterable[PipelineServices], act: Callable[[PipelineServices], T]) -> tuple[T, ...]:
    """What `act` gives for each pipeline. Raises the first error, after every pipeline had its turn."""
    results: list[T] = []
    errors: list[Exception] = []
    for services in pipelines:
        try:
            results.append(act(services))
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return tuple(results)
