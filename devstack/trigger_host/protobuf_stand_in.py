"""Stands in for the protobuf classes of the worker protocol (FunctionRpc.proto).

The worker library is handed the module of generated classes and only ever makes them by name and reads their
attributes, so attribute bags do. `TypedData` is the one message that both sides make and read.
"""

from types import SimpleNamespace


class Message(SimpleNamespace):
    """A message: whatever fields it was made with, as attributes."""


class TypedData(Message):
    """A value and its kind (`string`, `json`, `bytes`, `http`, `model_binding_data`): the one field it is made with."""

    def __init__(self, **field: object) -> None:
        if len(field) != 1:
            raise ValueError(f"TypedData holds exactly one field, not {sorted(field)}.")
        super().__init__(**field)

    @property
    def kind(self) -> str:
        """The name of the field that is set."""
        return next(iter(vars(self)))

    def WhichOneof(self, _group: str) -> str:  # noqa: N802  # protobuf's own spelling, called by the worker
        """Return the field that is set, as a protobuf message would."""
        return self.kind


class ParameterBinding(Message):
    """The value for one parameter of a function."""

    def WhichOneof(self, _group: str) -> str:  # noqa: N802  # protobuf's own spelling, called by the worker
        """Return `data`: shared memory, the other way to send a value, is never used."""
        return "data"


class Protos:
    """The module of generated classes, as the worker sees it: any class it asks for, made on first use."""

    TypedData = TypedData
    ParameterBinding = ParameterBinding
    BindingInfo = type("BindingInfo", (Message,), {"in": 0, "out": 1, "inout": 2})
    StatusResult = type("StatusResult", (Message,), {"Failure": 0, "Success": 1})

    def __getattr__(self, name: str) -> type[Message]:
        if name == "RpcHttpCookie":
            raise NotImplementedError("The local trigger host carries no cookies: answer without Set-Cookie.")
        made = type(name, (Message,), {})
        setattr(self, name, made)
        return made
