"""All state of one studio, in one place: what the routes work on."""

from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app

from devstack.studio.bes.job_board import JobBoard
from devstack.studio.faults import FaultBoard
from devstack.studio.identity.directory import Directory
from devstack.studio.identity.provisioning import provision_directory
from devstack.studio.provisioning import RESOURCE_NAME, Keys, provision
from devstack.studio.request_log import RequestLog
from devstack.studio.resource_manager.provisioning import provision_resource_group
from devstack.studio.resource_manager.resource_group import ResourceGroup
from devstack.studio.rrs.model_cache import ModelCache
from devstack.studio.settings import Settings
from devstack.studio.training.workers import Workers
from devstack.studio.workspace import Workspace

_KEY = "relearner.studio"


@dataclass
class Cloud:
    """The workspace, its jobs, the resource group, and what the studio was told to do with them."""

    keys: Keys
    first_settings: Settings
    workers: Workers
    settings: Settings = field(init=False)
    workspace: Workspace = field(init=False)
    directory: Directory = field(init=False)
    resource_group: ResourceGroup = field(init=False)
    jobs: JobBoard = field(init=False)
    faults: FaultBoard = field(init=False)
    requests: RequestLog = field(default_factory=RequestLog)
    model_cache: ModelCache = field(default_factory=ModelCache)

    def __post_init__(self) -> None:
        self.settings = self.first_settings
        self.workspace = provision(self.keys)
        self.directory = provision_directory(self.keys)
        self.resource_group = provision_resource_group(self.keys)
        self.jobs = JobBoard(self.workers, lambda: self.settings)
        self.faults = FaultBoard(routes=set())

    def reset(self) -> None:
        """As it was at the start: jobs and updates stopped, models gone, no faults, first settings, empty log."""
        self.faults.clear()
        self.stop_work()
        self.settings = self.first_settings
        self.workspace = provision(self.keys)
        self.resource_group = provision_resource_group(self.keys)
        self.requests.clear()

    def stop_work(self) -> None:
        """Jobs end and are forgotten; updates shall not be carried out any more."""
        self.jobs.clear()
        self.resource_group.clear()

    def models(self) -> list[dict[str, Any]]:
        """What each scoring service's trained models point to, without tokens; the newer kind comes last."""
        service = self.resource_group.web_service
        arm = {"web_service": service.name, "endpoint": service.name, "resource": RESOURCE_NAME}
        return [*self.workspace.models(), {**arm, **service.model_place()}]

    def bind(self, app: Flask) -> None:
        """Let the routes of this app work on this state."""
        app.extensions[_KEY] = self
        self.faults.routes = {name for name in app.view_functions if not name.startswith(("control.", "static"))}


def cloud() -> Cloud:
    """The state behind the route that is being answered."""
    return cast("Cloud", current_app.extensions[_KEY])
