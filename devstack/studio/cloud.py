"""All state of one studio, in one place: what the routes work on."""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from devstack.studio.bes.job_board import JobBoard
from devstack.studio.faults import FaultBoard
from devstack.studio.provisioning import Keys, provision
from devstack.studio.request_log import RequestLog
from devstack.studio.rrs.model_cache import ModelCache
from devstack.studio.settings import Settings
from devstack.studio.training.workers import Workers
from devstack.studio.workspace import Workspace

_KEY = "relearner.studio"


@dataclass
class Cloud:
    """The workspace, its jobs, and what the studio was told to do with them."""

    keys: Keys
    first_settings: Settings
    workers: Workers
    settings: Settings = field(init=False)
    workspace: Workspace = field(init=False)
    jobs: JobBoard = field(init=False)
    faults: FaultBoard = field(init=False)
    requests: RequestLog = field(default_factory=RequestLog)
    model_cache: ModelCache = field(default_factory=ModelCache)

    def __post_init__(self) -> None:
        self.settings = self.first_settings
        self.workspace = provision(self.keys)
        self.jobs = JobBoard(self.workers, lambda: self.settings)
        self.faults = FaultBoard(routes=set())

    def reset(self) -> None:
        """As it was at the start: jobs stopped and forgotten, models gone, no faults, first settings, empty log."""
        self.faults.clear()
        self.jobs.clear()
        self.settings = self.first_settings
        self.workspace = provision(self.keys)
        self.requests.clear()

    def bind(self, app: Flask) -> None:
        """Let the routes of this app work on this state."""
        app.extensions[_KEY] = self
        self.faults.routes = {name for name in app.view_functions if not name.startswith(("control.", "static"))}


def cloud() -> Cloud:
    """The state behind the route that is being answered."""
    return cast("Cloud", current_app.extensions[_KEY])
