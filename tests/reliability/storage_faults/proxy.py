"""An HTTP proxy before Azurite that gets its requests into trouble when told to."""

import http.client
import random
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from devstack.azurite import Azurite
from tests.reliability.storage_faults.trouble import Mishap, Trouble

SEED = 4

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends a reset instead of an orderly end."""

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class FaultProxy:
    """A blob endpoint of its own before Azurite's. A context manager: leaving it ends it.

    Only what the app itself asks for gets into trouble: everything in the state containers, and what is written to the
    archives; the services read the models there. `hits` counts the mishaps.
    """

    def __init__(self, azurite: Azurite) -> None:
        self.hits = 0
        self._azurite = azurite
        account = urlsplit(azurite.blob_endpoint).path
        self._state, self._archive = f"{account}/state-", f"{account}/archive-"
        self._trouble: Trouble | None = None
        self._chance = random.Random(SEED)  # noqa: S311 - no secret
        self._counting = threading.Lock()
        self._pause = threading.Event()
        proxy = self

        class Handler(_Handler):
            owner = proxy
            upstream = str(urlsplit(azurite.blob_endpoint).netloc)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def connection_string(self) -> str:
        """Azurite's, by way of the proxy."""
        place = urlsplit(self._azurite.blob_endpoint)
        return self._azurite.connection_string.replace(str(place.netloc), f"127.0.0.1:{self._server.server_port}")

    def order(self, trouble: Trouble) -> None:
        """From now on, until healed."""
        with self._counting:
            self._trouble, self._chance = trouble, random.Random(SEED)  # noqa: S311 - troubles that can be repeated

    def heal(self) -> None:
        """From now on everything passes."""
        self._trouble = None

    def next_trouble(self, method: str, path: str) -> Trouble | None:
        """What happens to the request that has just come in."""
        with self._counting:
            trouble = self._trouble
            ours = path.startswith(self._state) or (method == "PUT" and path.startswith(self._archive))
            if trouble is None or not ours or not trouble.is_about(method, path):
                return None
            is_hit = self._chance.random() < trouble.share
            self.hits += is_hit
            return trouble if is_hit else None

    def wait(self, seconds: float) -> None:
        """Let a slow answer be slow; over at once when the proxy ends."""
        self._pause.wait(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pause.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: FaultProxy
    upstream: str

    def handle(self) -> None:
        with suppress(ConnectionError):  # clients that have what they want, or were reset, are gone
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trouble = self.owner.next_trouble(self.command, self.path)
        match trouble.mishap if trouble else None:
            case Mishap.LOST:
                self._reset()
            case Mishap.REFUSED if trouble:
                self._refuse(trouble)
            case mishap:
                if trouble:
                    self.owner.wait(trouble.seconds)
                self._forward(body, cut=mishap is Mishap.CUT)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = _answer  # noqa: N815 - the names that http.server calls

    def _forward(self, body: bytes, *, cut: bool) -> None:
        upstream = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            length = answer.getheader("Content-Length") or str(len(content))
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP]
        finally:
            upstream.close()
        self._send(answer.status, [*headers, ("Content-Length", length)], content, cut=cut)

    def _refuse(self, trouble: Trouble) -> None:
        words = f"<?xml version='1.0'?><Error><Code>{trouble.code}</Code><Message>By order.</Message></Error>".encode()
        headers = [("x-ms-error-code", trouble.code), ("Content-Type", "application/xml")]
        body = b"" if self.command == "HEAD" else words
        self._send(trouble.status, [*headers, ("Content-Length", str(len(body)))], body, cut=False)

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes, *, cut: bool) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if not cut or name != "Content-Length":
                self.send_header(name, value)
        if cut:
            self.send_header("Content-Length", str(len(content) + 1))
            self.flush_headers()
            self._reset()
            return
        self.end_headers()
        self.wfile.write(content)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.connection.close()
        self.close_connection = True
