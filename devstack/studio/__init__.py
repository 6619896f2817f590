"""A local Azure ML Studio (classic): batch execution, scoring, both kinds of management, tokens. It really trains.

One package per service (`bes`, `rrs`, `management`, `resource_manager`, `identity`, `control`), each with its routes;
`training` is what a job runs.
Start it in this process with `Studio.start`, or in its own with `python -m devstack.studio`.
"""

from devstack.studio.blob_reference import BlobReference
from devstack.studio.faults import Fault, FaultKind
from devstack.studio.pace import Hold, Pace
from devstack.studio.provisioning import Keys
from devstack.studio.publishing import PublishedModel
from devstack.studio.request_log import SeenRequest
from devstack.studio.resource_manager.settings import ResourceManagerSettings
from devstack.studio.server import Studio
from devstack.studio.settings import Settings
from devstack.studio.taking_effect import NEVER

__all__ = [
    "NEVER",
    "BlobReference",
    "Fault",
    "FaultKind",
    "Hold",
    "Keys",
    "Pace",
    "PublishedModel",
    "ResourceManagerSettings",
    "SeenRequest",
    "Settings",
    "Studio",
]
