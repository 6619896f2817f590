"""The way to a service: bytes go both ways as they are, until it is broken."""

import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Self

from devstack.certificates import Certificates

_ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
"""TLS: fatal, handshake_failure (RFC 8446 section 6)."""


_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends a reset instead of an orderly end."""


class Breakage(StrEnum):
    """How a way breaks before any request is sent."""

    REFUSED = "refused"
    """Nothing listens."""
    STRANGER = "stranger"
    """Somebody else answers, with a certificate of an unknown authority."""
    NO_HANDSHAKE = "no handshake"
    """The handshake is refused."""


class Relay:
    """A port of its own before a service on 127.0.0.1. A context manager: leaving it ends every connection."""

    def __init__(self, port: int, stranger: Certificates) -> None:
        self._to, self._stranger = ("127.0.0.1", port), stranger
        # Bound and never listening: while the listener is gone, connections are refused and nobody else gets the port.
        self._holder = _bound(0)
        self._place: int = self._holder.getsockname()[1]
        self._breakage: Breakage | None = None
        self._passes = 0
        self._listener: socket.socket | None = None
        self._listen()

    @property
    def url(self) -> str:
        """The service's address by this way, without a trailing slash."""
        return f"https://127.0.0.1:{self._place}"

    def break_after(self, passes: int, breakage: Breakage) -> None:
        """Let so many more connections through whole; every later one meets the breakage."""
        self._passes, self._breakage = passes, breakage
        self._refuse_if_due()

    def heal(self) -> None:
        """From now on everything passes."""
        self._breakage = None
        if self._listener is None:
            self._listen()

    def close(self) -> None:
        """Nothing passes any more."""
        self._hang_up()
        self._holder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _listen(self) -> None:
        self._listener = _bound(self._place)
        self._listener.listen(16)
        threading.Thread(target=self._accept, args=(self._listener,), name="relay", daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with listener, suppress(OSError):  # a listener that was shut accepts no more
            while True:
                connection, _ = listener.accept()
                self._take(connection)

    def _take(self, connection: socket.socket) -> None:
        broken = self._breakage if self._passes <= 0 else None
        if self._breakage:
            self._passes -= 1
            self._refuse_if_due()
        act = {None: self._through, Breakage.STRANGER: self._as_a_stranger}.get(broken, _without_a_handshake)
        threading.Thread(target=act, args=(connection,), name="relay", daemon=True).start()

    def _refuse_if_due(self) -> None:
        if self._breakage is Breakage.REFUSED and self._passes <= 0:
            self._hang_up()

    def _hang_up(self) -> None:
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)

    def _through(self, connection: socket.socket) -> None:
        with connection, socket.create_connection(self._to) as service:
            back = threading.Thread(target=_pour, args=(service, connection), name="relay", daemon=True)
            back.start()
            _pour(connection, service)
            back.join()

    def _as_a_stranger(self, connection: socket.socket) -> None:
        with suppress(OSError), self._stranger.server.wrap_socket(connection, server_side=True) as tls:
            tls.recv(1)


def _without_a_handshake(connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.recv(65_536)
        connection.sendall(_ALERT)


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Everything from one to the other, its end too: an orderly one, or a reset."""
    try:
        while data := source.recv(65_536):
            target.sendall(data)
    except ConnectionResetError:
        target.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end = socket.SHUT_RD  # wakes the other direction; closing then resets
    except OSError:
        end = socket.SHUT_RDWR
    else:
        end = socket.SHUT_WR
    with suppress(OSError):
        target.shutdown(end)


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(("127.0.0.1", port))
    return bound
