"""Answers that never arrive, or arrive in part: the connection itself is broken."""

import os
import socket
import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# SO_LINGER on, zero seconds: closing sends a reset instead of an orderly end.
_RESET: Final = struct.pack("ii", 1, 0)


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
