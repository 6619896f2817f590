"""Where labeled examples come from: a blob by reference, streamed, or a short text at hand."""

import io
from collections.abc import Callable, Iterator
from typing import IO, Final

from azure.core import MatchConditions
from azure.core.exceptions import AzureError
from azure.storage.blob import BlobClient

from devstack.studio.blob_reference import BlobReference
from devstack.studio.training.arff_examples import read_arff
from devstack.studio.training.delimited_examples import read_delimited
from devstack.studio.training.faults import TrainingFault
from devstack.studio.training.schema import Examples

_SEPARATORS: Final = {".csv": ",", ".tsv": "\t"}


def examples_in_blob(reference: BlobReference) -> Examples:
    """The examples behind a reference, a chunk at a time, and never two versions of the blob in one training."""
    try:
        etag = reference.etag()
    except AzureError as error:
        raise TrainingFault(
            f"The examples cannot be read: {reference.relative_location}: {_first_line(error)}"
        ) from error
    return _read(lambda: _text(_BlobStream(reference.client(), etag)), reference.name.lower())


def examples_in_text(text: str, name: str) -> Examples:
    """The examples in a text, whose format `name` says by its extension."""
    return _read(lambda: io.StringIO(text), name.lower())


def _read(reopen: Callable[[], IO[str]], name: str) -> Examples:
    if name.endswith(".arff"):
        return read_arff(reopen())
    separator = next((mark for end, mark in _SEPARATORS.items() if name.endswith(end)), None)
    if separator is None:
        raise TrainingFault(f"{name!r} is neither .arff nor .csv nor .tsv.")
    # Studio's convention for tables without a header row: .nh.csv, .nh.tsv
    return read_delimited(reopen, separator, has_header=not name[:-4].endswith(".nh"))


def _text(stream: io.RawIOBase) -> IO[str]:
    return io.TextIOWrapper(io.BufferedReader(stream, 1 << 18), encoding="utf-8-sig", errors="replace")


def _first_line(error: AzureError) -> str:
    return str(error).splitlines()[0]


class _BlobStream(io.RawIOBase):
    """A blob's bytes as a file, holding one downloaded piece at a time. Closes its client with itself."""

    def __init__(self, client: BlobClient, etag: str) -> None:
        self._client = client
        self._pieces: Iterator[bytes] = client.download_blob(
            etag=etag, match_condition=MatchConditions.IfNotModified
        ).chunks()
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._client.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any writable buffer will do
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count
