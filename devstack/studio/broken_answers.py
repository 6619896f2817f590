"""Answers that never arrive, or arrive in part: the connection itself is broken."""

import os
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# SO_LINGER on, zero seconds: closing sends a reset instead of an orderly end.
_RESET: Final = struct.pack("ii", 1, 0)


_JUNK: Final = bytes(range(256)) * 39_063
"""A little over ten million bytes, of every kind."""


class _Broken(Response):
    """An answer that breaks its connection after `sends` bytes of its body; without a byte at all for None."""

    sends: int | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self.sends is None:
            _break(environ["werkzeug.socket"])
        headers = self.get_wsgi_headers(environ)
        start_response(self.status, headers.to_wsgi_list())
        return self._partly(environ, self.get_data()[: self.sends])

    def _partly(self, environ: "WSGIEnvironment", part: bytes) -> Iterator[bytes]:
        yield part
        _break(environ["werkzeug.socket"])


def dropped() -> Response:
    """No answer: the connection ends. In the log its status is 0."""
    return _Broken(status=0)


def reset_midway(answer: Response) -> Response:
    """The answer's headers and half its body, then a reset."""
    broken = _Broken(answer.get_data(), answer.status, list(answer.headers))
    broken.sends = len(answer.get_data()) // 2
    return broken


def cut_in_half(answer: Response) -> Response:
    """The first half of the body, with headers that call it whole."""
    answer.set_data(answer.get_data()[: len(answer.get_data()) // 2])
    return answer


class _Dripping(Response):
    """An answer that comes byte by byte, one every `pause` seconds, for as long as somebody reads it."""

    pause: float = 1.0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:  # noqa: ARG002 - written past the server, which would send the head at once
        connection: socket.socket = environ["werkzeug.socket"]
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.get_wsgi_headers(environ))]
        for byte in "\r\n".join([*lines, "", ""]).encode("latin-1") + self.get_data():
            connection.sendall(bytes([byte]))
            time.sleep(self.pause)
        _break(connection)
        return ()


def dripping(answer: Response, pause: float) -> Response:
    """The same answer, one byte every `pause` seconds."""
    slow = _Dripping(answer.get_data(), answer.status, list(answer.headers))
    slow.pause = pause
    return slow


def junk(status: int) -> Response:
    """Ten million bytes that mean nothing."""
    return Response(_JUNK, status, content_type="application/octet-stream")


def _break(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    # The handler holds files on this socket, so close() would close nothing yet; and were its descriptor closed behind
    # its back, the handler would go on to read from whichever connection gets that number next. So the descriptor is
    # made to mean a dead end instead, which closes the connection.
    ours, other = socket.socketpair()
    other.close()
    os.dup2(ours.fileno(), connection.fileno())
    ours.close()
    raise ConnectionResetError("broken on order")
