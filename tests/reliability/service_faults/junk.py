"""What ten megabytes of junk cost a client in memory, in a process of its own."""

import os
import subprocess
import sys

from devstack.places import ROOT
from devstack.studio import Fault, FaultKind, Studio

_CLIENT = """
import sys, tracemalloc
from azure.core.rest import HttpRequest
from functions.retraining.azureml.pipeline import keyed_service
from functions.retraining.core.errors import OutcomeUnknown
from functions.retraining.core.secret import Secret
service, url = keyed_service(Secret(sys.stdin.readline().strip())), sys.argv[1]
service.call("get the scoring endpoint", HttpRequest("GET", url))
tracemalloc.start()
try:
    service.call("get the scoring endpoint", HttpRequest("GET", url))
except OutcomeUnknown as error:
    print(tracemalloc.get_traced_memory()[1], len(str(error)))
"""


def peak_bytes(studio: Studio) -> tuple[int, int]:
    """The most that a client has held while it was sent ten megabytes of junk, and the length of its message."""
    studio.reset()
    studio.inject(Fault(FaultKind.JUNK, "management.get_endpoint", skip=1))
    ran = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", _CLIENT, studio.update_resource_endpoint],
        input=studio.scoring_api_key,
        cwd=ROOT,
        env={**os.environ, "REQUESTS_CA_BUNDLE": str(studio.ca_bundle)},
        capture_output=True,
        text=True,
        check=True,
    )
    peak, message = ran.stdout.split()
    return int(peak), int(message)
