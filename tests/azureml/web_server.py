"""A web service that does what a test tells it to: over TLS, on a free port of 127.0.0.1, one answer after another."""

import json
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, override


@dataclass(frozen=True)
class Seen:
    """A request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """The body, decoded."""
        return json.loads(self.body)


type Script = Callable[["Connection"], None]


def reply(status: int, body: bytes | Any = b"", **headers: str) -> Script:  # noqa: ANN401 - JSON is anything
    """A whole answer; a body that is not bytes is sent as JSON. `Retry_After="3"` is the header Retry-After."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Content-Length": str(len(content)), **named, "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return raw(f"HTTP/1.1 {status} Reason\r\n{head}\r\n".encode() + content)


def raw(answer: bytes) -> Script:
    """These bytes, whatever they are; then the connection is closed."""
    return lambda connection: connection.send(answer)


def reset_after(answer: bytes) -> Script:
    """These bytes, then a TCP reset."""

    def script(connection: "Connection") -> None:
        connection.send(answer)
        connection.reset()

    return script


def silence_after(answer: bytes) -> Script:
    """These bytes, then nothing until the server is closed."""

    def script(connection: "Connection") -> None:
        connection.send(answer)
        connection.owner.closing.wait(30)

    return script


def dripping(at_once: bytes, drops: bytes) -> Script:
    """These bytes, then these others one by one, 20 a second, for as long as somebody reads them."""

    def script(connection: "Connection") -> None:
        connection.send(at_once)
        for drop in drops:
            if connection.owner.closing.wait(0.05):
                return
            connection.send(bytes([drop]))

    return script


def without_end(head: bytes) -> Script:
    """This head, then junk for as long as somebody reads it."""

    def script(connection: "Connection") -> None:
        connection.send(head)
        while not connection.owner.closing.is_set():
            connection.send(b"junk" * 16_384)

    return script


def not_tls_after_the_request(connection: "Connection") -> None:
    """Bytes that are no TLS record, on a connection that has carried the whole request."""
    with socket.socket(fileno=connection.request.detach()) as bare:
        bare.sendall(b"HTTP/1.1 200 OK\r\n\r\n")


class Connection(BaseHTTPRequestHandler):
    """One connection, one request."""

    server: "_Server"

    @property
    def owner(self) -> "WebServer":
        """Whose connection this is."""
        return self.server.owner

    def send(self, data: bytes) -> None:
        """Send, if anybody still listens."""
        self.wfile.write(data)

    def reset(self) -> None:
        """Close with a TCP reset instead of a farewell."""
        with socket.socket(fileno=self.request.detach()) as bare:
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @override
    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            return
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.owner.answer(self, Seen(self.command, self.path, headers, body))


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 16
    owner: "WebServer"

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or does not trust us, is what some tests are about."""


class WebServer:
    """A context manager: leaving it ends every connection. Without a script left, it answers 200 with `{}`."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.requests: list[Seen] = []
        self.closing = Event()
        self._scripts: list[Script] = []
        self._server = _Server(("127.0.0.1", 0), Connection)
        self._server.owner = self
        # The handshake happens in the connection's own thread, at its first read.
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """The address, without a trailing slash."""
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    def will(self, *scripts: Script) -> None:
        """Answer the next requests so, in this order."""
        self._scripts.extend(scripts)

    def answer(self, connection: Connection, seen: Seen) -> None:
        """Write the request down and play the next script."""
        self.requests.append(seen)
        script = self._scripts.pop(0) if self._scripts else reply(200, {})
        script(connection)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
