"""A blob service that can only list, on a real socket: as many blobs as wanted, at storage's own page size.

Azurite goes through all it has for each List, which for 100,000 blobs takes it longer than the app: what would be
measured is Azurite. This one answers at once, in the shape of the List Blobs REST documentation; the app's side, from
the socket to the run's id, is the real one.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

from devstack.azurite import ACCOUNT, ACCOUNT_KEY
from tests.reliability.load.planting import Planted

PAGE = 5_000


@contextmanager
def list_server(containers: Mapping[str, Sequence[Planted]]) -> Iterator[str]:
    """Serve these containers' Lists, blobs sorted by name; the account's connection string."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Lists)
    server.daemon_threads = True
    _Lists.containers = containers
    serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    serving.start()
    address = f"http://127.0.0.1:{server.server_port}/{ACCOUNT}"
    yield f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};BlobEndpoint={address};"
    server.shutdown()
    serving.join()
    server.server_close()


class _Lists(BaseHTTPRequestHandler):
    """GET of a container's list: a page of it. GET of anything else: it is not there."""

    protocol_version = "HTTP/1.1"
    containers: Mapping[str, Sequence[Planted]] = {}

    def do_GET(self) -> None:
        """Answer."""
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        container = address.path.removeprefix(f"/{ACCOUNT}/").partition("/")[0]
        if query.get("comp") != "list":
            self._answer(HTTPStatus.NOT_FOUND, b"", {"x-ms-error-code": "BlobNotFound"})
            return
        named = [blob for blob in self.containers.get(container, ()) if blob.name.startswith(query.get("prefix", ""))]
        first = int(query.get("marker", "0"))
        page, rest = named[first : first + PAGE], len(named) - first - PAGE
        marker = str(first + PAGE) if rest > 0 else ""
        self._answer(HTTPStatus.OK, _page(container, page, marker).encode(), {"Content-Type": "application/xml"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own signature
        """Say nothing."""

    def _answer(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "x-ms-version": "2021-08-06"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _page(container: str, blobs: Sequence[Planted], marker: str) -> str:
    listed = "".join(map(_blob, blobs))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://127.0.0.1/" '
        f'ContainerName="{container}"><Blobs>{listed}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>'
    )


def _blob(blob: Planted) -> str:
    moment = format_datetime(blob.last_modified, usegmt=True)
    return (
        f"<Blob>{_name(blob.name)}<Properties><Creation-Time>{moment}</Creation-Time>"
        f"<Last-Modified>{moment}</Last-Modified><Etag>{blob.etag}</Etag>"
        f"<Content-Length>{len(blob.content)}</Content-Length><Content-Type>application/octet-stream</Content-Type>"
        "<Content-Encoding /><Content-Language /><Content-CRC64 /><Content-MD5>5evUwCzvvnlVl3xnraJCtw==</Content-MD5>"
        "<Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>"
        "<AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>"
        "<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>"
    )


def _name(name: str) -> str:
    """Names with the two characters that XML cannot have are percent-encoded: List Blobs, REST documentation."""
    if {"\ufffe", "\uffff"} & set(name):
        return f'<Name Encoded="true">{quote(name)}</Name>'
    return f"<Name>{escape(name)}</Name>"
