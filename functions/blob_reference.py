"""The blob-trigger parameter type of this app: a blob's address, never its content.

A parameter annotated `func.InputStream` makes the host push the whole blob through gRPC into memory. One annotated
with an `SdkType` of azurefunctions-extensions-base makes the worker's index say `SupportsDeferredBinding`, and the
host then sends `model_binding_data`: three JSON fields (Connection, ContainerName, BlobName). `BlobReference` keeps
two of them. The ready-made types of azurefunctions-extensions-bindings-blob would do the same, but cost more than a
second of import (azure-identity, async clients) where the base costs about 50 ms.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azurefunctions.extensions.base import Datum, InConverter, SdkType


@dataclass(frozen=True, kw_only=True)
class BlobReference(SdkType):  # type: ignore[misc]  # the base package publishes no types
    """Where a blob is: its container and its name, exactly as storage spells them (never URL-encoded).

    The host sends no ETag: whoever needs the version asks storage for it.
    """

    container: str
    name: str

    def get_sdk_type(self) -> "BlobReference":
        """Return itself: there is no client to build. Asked for by SdkType."""
        return self

    def __str__(self) -> str:
        return f"{self.container}/{self.name}"


class BlobReferenceConverter(  # type: ignore[call-arg]  # the base's metaclass takes the keywords, untyped
    InConverter,  # type: ignore[misc]  # the base package publishes no types
    binding="blob",
    trigger="blobTrigger",
):
    """Tells the Functions worker how a `BlobReference` is made; registered by being defined."""

    @classmethod
    def check_input_type_annotation(cls, pytype: object) -> bool:
        """Whether a parameter annotated `pytype` is one this converter can fill."""
        return isinstance(pytype, type) and issubclass(pytype, BlobReference)

    @classmethod
    def decode(
        cls,
        data: Datum | None,
        *,
        trigger_metadata: Mapping[str, Datum] | None,  # noqa: ARG003  # the worker passes it by name
        pytype: type,  # noqa: ARG003  # the worker passes it by name
    ) -> BlobReference:
        """Turn what the host sent into a `BlobReference`.

        Raises TypeError if the host sent the content (or nothing) instead of the address, ValueError if the address
        is not the JSON object the storage extension promises. Either fails the invocation with these words.
        """
        if data is None or data.type != "model_binding_data":
            sent = "nothing" if data is None else repr(data.type)
            raise TypeError(
                f"BlobReference needs the blob's address (model_binding_data), but the host sent {sent}. "
                "Its storage extension is too old for SDK-type bindings: use extension bundle 4.x or newer."
            )
        address = _address(data.value.content)
        return BlobReference(container=_field(address, "ContainerName"), name=_field(address, "BlobName"))


def _address(content: bytes | str) -> dict[str, Any]:
    try:
        address = json.loads(content)
    except ValueError as error:
        raise ValueError(f"The host sent a blob address that is not JSON: {error}.") from error
    if not isinstance(address, dict):
        raise ValueError(f"The host sent a blob address that is a JSON {type(address).__name__}, not an object.")
    return address


def _field(address: Mapping[str, object], key: str) -> str:
    value = address.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(
            f"The host sent a blob address without {key!r} (it has: {', '.join(sorted(address)) or 'nothing'})."
        )
    return value
