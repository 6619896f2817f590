"""What the host leaves behind when it gives up on a blob's event: a poison message. Pure.

The keys are those of the WebJobs BlobTriggerMessage: Type, FunctionId, BlobType, ContainerName, BlobName, ETag.
"""

import msgspec

_FUNCTION_PREFIX = "Host.Functions."


class PoisonMessage(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a function failed on as often as the host tries; no more of the message is needed.

    Its ETag is not: of Event Grid's events it is quoted twice or missing, and the blob as it is now is what counts.
    """

    container: str = msgspec.field(name="ContainerName")
    name: str = msgspec.field(name="BlobName")
    function_id: str | None = msgspec.field(name="FunctionId", default=None)

    @property
    def path(self) -> str:
        """`container/name` of the blob."""
        return f"{self.container}/{self.name}"

    @property
    def function(self) -> str:
        """The function that failed, as its door is named; `an unknown function` if the message does not say."""
        return (self.function_id or "an unknown function").removeprefix(_FUNCTION_PREFIX)

    @property
    def words(self) -> str:
        """Why a run that nobody else began is on record."""
        return f"the host gave up on this blob's event: {self.function} had failed on every try"


def decode_poison(content: bytes) -> PoisonMessage:
    """The message in `content`; fields that are not known here are left alone.

    Raises ValueError if it is no JSON object that names a blob.
    """
    try:
        message = msgspec.json.decode(content, type=PoisonMessage)
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    if not message.container or not message.name:
        raise ValueError("ContainerName or BlobName is empty")
    return message
