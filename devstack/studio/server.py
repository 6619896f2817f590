"""A running studio: state, app and TLS server in one."""

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from devstack.certificates import Certificates, issue
from devstack.studio.addresses import Addresses
from devstack.studio.app import make_app
from devstack.studio.blob_reference import BlobReference
from devstack.studio.cloud import Cloud
from devstack.studio.faults import Fault
from devstack.studio.pace import Pace
from devstack.studio.provenance import RouteFact, route_table
from devstack.studio.provisioning import Keys
from devstack.studio.publishing import PublishedModel, publish
from devstack.studio.request_log import SeenRequest
from devstack.studio.settings import Settings
from devstack.studio.training.workers import Workers


class Studio(Addresses):
    """A local Azure ML Studio (classic) on https://127.0.0.1, serving in threads of this process.

    Made by `start`. A context manager: leaving it stops the server and every training process. Clients trust it
    through `REQUESTS_CA_BUNDLE=<ca_bundle>`.
    """

    def __init__(self, folder: Path, cloud: Cloud, certificates: Certificates, server: BaseWSGIServer) -> None:
        super().__init__(f"https://127.0.0.1:{server.port}", folder, certificates.ca_bundle, cloud)
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="studio", daemon=True)
        self._thread.start()

    @classmethod
    def start(cls, folder: Path, *, port: int = 0, keys: Keys | None = None, settings: Settings | None = None) -> Self:
        """Start a studio; port 0 means any free one, keys are made afresh unless given.

        `folder` gets `ca.pem`, `keys.json` (readable by its owner only) and the training processes' log. Raises
        OSError if the port is taken.
        """
        folder.mkdir(parents=True, exist_ok=True)
        keys = keys or Keys()
        keys.write(folder / "keys.json")
        certificates = issue(folder)
        cloud = Cloud(keys, settings or Settings(), Workers(folder / "training.log"))
        server = _listen(port, cloud, certificates)
        return cls(folder, cloud, certificates, server)

    @property
    def requests(self) -> list[SeenRequest]:
        """The calls seen so far, oldest first, without secrets and without those to the control API."""
        return self._cloud.requests.matching()

    def requests_to(self, route: str, *, method: str = "") -> list[SeenRequest]:
        """The calls seen at one route, by its name: `bes.submit`, `management.patch_endpoint`, ..."""
        return self._cloud.requests.matching(route=route, method=method)

    def clear_requests(self) -> None:
        """Forget the calls seen."""
        self._cloud.requests.clear()

    def inject(self, fault: Fault) -> None:
        """Order a fault. Raises ValueError for a route that does not exist."""
        self._cloud.faults.add(fault)

    def clear_faults(self) -> None:
        """Take all orders back."""
        self._cloud.faults.clear()

    @property
    def settings(self) -> Settings:
        """The switches as they are; assign changed ones (`dataclasses.replace`)."""
        return self._cloud.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._cloud.settings = settings

    def set_pace(self, pace: Pace) -> None:
        """How long jobs wait and run from now on."""
        self._cloud.settings = self._cloud.settings.changed({"pace": pace.to_wire()})

    def publish(
        self, examples: BlobReference | str, model: BlobReference, *, name: str = "examples.arff"
    ) -> PublishedModel:
        """Train on a blob or a text, write the model to `model`, and put it behind the scoring services of both kinds.

        `name` says a text's format by its extension. Raises PublishingFault (a ValueError) with the reason.
        """
        if isinstance(examples, str):
            return publish(self._cloud, {"text": examples, "name": name}, model)
        return publish(self._cloud, {"reference": examples.to_wire()}, model)

    def models(self) -> list[dict[str, Any]]:
        """What each scoring service's trained models point to, without tokens; the newer kind comes last."""
        return self._cloud.models()

    def reset(self) -> None:
        """As it was at the start, keys and addresses too: jobs stopped, models gone, no faults, an empty log."""
        self._cloud.reset()

    def routes(self) -> list[RouteFact]:
        """Every route, and whether its behaviour is documented or our assumption."""
        return route_table(self._server.app)  # type: ignore[arg-type] # it is the Flask app we gave it

    def stop(self) -> None:
        """Stop serving, and end every training process."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._cloud.workers.close()
        self._cloud.stop_work()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _QuietHandler(WSGIRequestHandler):
    """Calls are noted in the request log; the console stays free for the demo."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ANN401 - werkzeug's own signature
        """Say nothing."""


def _listen(port: int, cloud: Cloud, certificates: Certificates) -> BaseWSGIServer:
    # Bound here, because werkzeug ends the whole process when it finds a port taken.
    with socket.create_server(("127.0.0.1", port)) as listening:
        return make_server(
            "127.0.0.1",
            port,
            make_app(cloud),
            threaded=True,
            request_handler=_QuietHandler,
            ssl_context=certificates.server,
            fd=listening.fileno(),
        )
