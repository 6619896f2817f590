"""A certificate of its own for the local services: clients trust it through `REQUESTS_CA_BUNDLE`.

So the shipped code needs no special case for localhost: azure-core and azure-identity refuse plain http, and speak
TLS here as they do in the cloud.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """`ca_bundle` is the PEM file clients trust; `server` is what the local service serves with."""

    ca_bundle: Path
    server: ssl.SSLContext


def issue(folder: Path) -> Certificates:
    """Make a fresh authority and a server certificate for 127.0.0.1 and localhost; write `ca.pem` into `folder`.

    The private keys stay in memory.
    """
    authority = trustme.CA(organization_name="Relearner local stack")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(server)
    folder.mkdir(parents=True, exist_ok=True)
    ca_bundle = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_bundle))
    return Certificates(ca_bundle=ca_bundle, server=server)
