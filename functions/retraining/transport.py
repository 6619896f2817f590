"""The way to the services and to whoever gives tokens: every answer ends, within a time and within a size.

A read timeout alone binds each read: a service that sends a byte a second would hold a thread for as long as it likes.
Here the time that is left for the whole answer is the timeout of its next read.
"""

import io
import socket
import time
from contextlib import suppress
from http.client import HTTPResponse
from typing import Any, override

import requests
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPSConnectionPool

CONNECT_SECONDS = 5
READ_SECONDS = 30
"""For a whole answer, from its first byte to its last. Four calls are the most in one step (token and update of the
Resource Manager kind): shorter than a run's lease."""

MOST_BYTES = 8 * 1024 * 1024
"""Of one answer on the wire, its headers too: above what the clients take, so that they say first what is wrong."""


def bounded_transport() -> RequestsTransport:
    """A way over which every answer ends within READ_SECONDS, however it trickles, and within MOST_BYTES.

    Over plain http, by which only the platform's own identity endpoint is spoken to, each read is bound instead.
    """
    return RequestsTransport(session=BoundedSession(), connection_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)


class BoundedSession(requests.Session):
    """A session whose answers over TLS end.

    It never looks where a redirect leads: requests would read its whole body for that, however long it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", _Adapter())

    @override
    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Answer(HTTPResponse):
    """An answer read from its connection through the bounds: status line, headers and body alike."""

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_Bounds(self.fp.detach(), sock))


class _Bounds(io.RawIOBase):
    """What comes over a connection, until the time or the size is over."""

    def __init__(self, stream: io.RawIOBase, connection: socket.socket) -> None:
        self._stream, self._connection = stream, connection
        # urllib3 has set it to the read timeout by now; the transport never goes without one.
        self._patience = connection.gettimeout() or 0.0
        self._end = time.monotonic() + self._patience
        self._room = MOST_BYTES

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any, /) -> int:
        """Raises TimeoutError and OSError, as a socket does: urllib3 makes its own errors of them."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out: the whole answer took longer than one read may")
        self._connection.settimeout(left)
        read = self._stream.readinto(buffer) or 0
        self._room -= read
        if self._room < 0:
            message = f"the answer is larger than {MOST_BYTES} bytes"
            raise OSError(message)
        return read

    @override
    def close(self) -> None:
        """The connection may be used again, and its next request is sent with the whole patience."""
        with suppress(OSError):
            self._connection.settimeout(self._patience)
        self._stream.close()
        super().close()


class _Connection(HTTPSConnection):
    response_class = _Answer


class _Adapter(HTTPAdapter):
    @override
    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> ConnectionPool:
        """The pool, through a proxy or not: requests names this as the place to change it."""
        pool = super().get_connection_with_tls_context(*args, **options)
        if isinstance(pool, HTTPSConnectionPool):
            pool.ConnectionCls = _Connection
        return pool
