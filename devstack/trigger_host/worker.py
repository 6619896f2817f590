"""The seam to Microsoft's Python worker library (PyPI `azure-functions-runtime`): start, index, invoke.

The same code indexes, decodes parameters and judges return values as in the cloud. The library keeps its state in
module globals, so a process has one worker and one function app.
"""

import json
import logging
import os
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import azure_functions_runtime

from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.protobuf_stand_in import Message, ParameterBinding, Protos, TypedData


@dataclass(frozen=True)
class IndexedFunction:
    """One function as the worker's index describes it."""

    name: str
    function_id: str
    bindings: tuple[dict[str, Any], ...]
    has_retry_policy: bool


@dataclass(frozen=True)
class InvocationResult:
    """How an invocation ended: with a value (or none), or with the text and traceback of the exception."""

    succeeded: bool
    return_value: TypedData | None = None
    error: str = ""
    stack_trace: str = ""


class Worker:
    """The worker library with one function app loaded. Made by `start`; belongs to the event loop that made it."""

    def __init__(self, protos: Protos, functions: tuple[IndexedFunction, ...]) -> None:
        self.functions = functions
        self._protos = protos

    @classmethod
    async def start(cls, root: Path) -> Self:
        """Import `function_app.py` in `root` and index it. Changes the working directory and sys.path to `root`.

        Raises TriggerHostError with the app's own traceback if it cannot be imported, or if it has no functions.
        """
        protos = Protos()
        _enter(root)
        azure_functions_runtime.start_threadpool_executor()
        init = Message(capabilities={}, function_app_directory=str(root))
        with _worker_log_silent():
            answer = await azure_functions_runtime.worker_init_request(_request(protos, worker_init_request=init))
        _raise_if_failed(answer, root)
        indexed = await azure_functions_runtime.functions_metadata_request(_request(protos))
        found = tuple(_indexed(function) for function in indexed.function_metadata_results or ())
        if not found:
            raise TriggerHostError(_nothing_found(root))
        return cls(protos, found)

    async def invoke(
        self, function_id: str, argument: str, data: TypedData, metadata: Mapping[str, TypedData]
    ) -> InvocationResult:
        """Run one function: an `async def` in this event loop, any other in the worker's thread pool."""
        invocation = Message(
            invocation_id=str(uuid.uuid4()),
            function_id=function_id,
            input_data=[ParameterBinding(name=argument, data=data)],
            trigger_metadata=dict(metadata),
            trace_context=Message(trace_parent="", trace_state="", attributes={}),
            retry_context=Message(retry_count=0, max_retry_count=0, exception=None),
        )
        answer = await azure_functions_runtime.invocation_request(_request(self._protos, invocation_request=invocation))
        return _result(answer)

    def stop(self) -> None:
        """End the thread pool. Waits for invocations still in it."""
        azure_functions_runtime.stop_threadpool_executor()


def _enter(root: Path) -> None:
    os.chdir(root)
    sys.path.insert(0, str(root))


@contextmanager
def _worker_log_silent() -> Iterator[None]:
    # What fails while indexing is raised with its traceback by us; the library logs it twice more, with sys.path.
    library_log = logging.getLogger("azure.functions")
    level = library_log.level
    library_log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        library_log.setLevel(level)


def _request(protos: Protos, **fields: object) -> Message:
    return Message(properties={"protos": protos, "host": "127.0.0.1"}, request=Message(**fields))


def _succeeded(answer: Any) -> bool:  # noqa: ANN401  # the library's answers have no type
    return bool(answer.result.status == Protos.StatusResult.Success)  # type: ignore[attr-defined]  # made by type()


def _raise_if_failed(answer: Any, root: Path) -> None:  # noqa: ANN401  # the library's answers have no type
    if not _succeeded(answer):
        message, stack_trace = _as_raised(answer.result.exception)
        raise TriggerHostError(f"function_app.py in {root} cannot be loaded: {message}\n{stack_trace}")


def _as_raised(exception: Any) -> tuple[str, str]:  # noqa: ANN401  # the library's answers have no type
    """Return the app's own error: the library raises an ImportError again with advice and its sys.path added."""
    own, again, repetition = exception.stack_trace.rpartition("\nDuring handling of the above exception")
    stack_trace = own if again and "extend_exception_message" in repetition else exception.stack_trace
    return exception.message.partition(". Cannot find module. ")[0], stack_trace.strip()


def _indexed(function: Any) -> IndexedFunction:  # noqa: ANN401  # the library's answers have no type
    return IndexedFunction(
        name=function.name,
        function_id=function.function_id,
        bindings=tuple(json.loads(raw) for raw in function.raw_bindings),
        has_retry_policy=function.retry_options is not None,
    )


def _nothing_found(root: Path) -> str:
    script = os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")
    if not (root / script).exists():
        return f"There is no {script} in {root}. Give the function app's folder with --root."
    return f"{script} in {root} declares no functions."


def _result(answer: Any) -> InvocationResult:  # noqa: ANN401  # the library's answers have no type
    if _succeeded(answer):
        return InvocationResult(succeeded=True, return_value=answer.return_value)
    exception = answer.result.exception
    return InvocationResult(succeeded=False, error=exception.message, stack_trace=exception.stack_trace)
