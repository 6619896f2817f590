"""A small threaded server on 127.0.0.1 for the WSGI application."""

import threading

from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request

from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.http_app import HttpApp

HOST = "127.0.0.1"


class _QuietHandler(WSGIRequestHandler):
    # Invocations are told on the console; a request line would repeat them, with the key in its query.
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # the base class's name for it
        pass


class HttpServer:
    """Serves from the moment it is started. Every request has a thread of its own."""

    def __init__(self, app: HttpApp, port: int) -> None:
        """Listen on `port` (0: any free one). Raises TriggerHostError if it is taken."""
        self._server: BaseWSGIServer = _listen(app, port)
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Begin answering."""
        self._thread.start()

    def stop(self) -> None:
        """Accept no further request. Returns as soon as none is accepted any more."""
        self._server.shutdown()

    def join(self, seconds: float) -> bool:
        """Wait for requests under way; return whether all have been answered."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)
        self._server.server_close()


def _listen(app: HttpApp, port: int) -> BaseWSGIServer:
    application = Request.application(app.answer)
    try:
        server = make_server(HOST, port, application, threaded=True, request_handler=_QuietHandler)
    except (OSError, SystemExit) as error:
        raise TriggerHostError(f"Port {port} on {HOST} is taken. Give another with --port, or 0 for any.") from error
    if isinstance(server, ThreadedWSGIServer):
        # Then server_close waits for requests under way.
        server.daemon_threads = False
    return server
