"""The host: one function app, indexed by the worker, with its triggers running."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from devstack.trigger_host.admin import Admin
from devstack.trigger_host.binding_reader import read_triggers
from devstack.trigger_host.blob_listener import BlobListener
from devstack.trigger_host.blob_webhook import BlobWebhook
from devstack.trigger_host.host_containers import HostBlobs
from devstack.trigger_host.host_id import host_id
from devstack.trigger_host.host_json import read_host_json
from devstack.trigger_host.host_keys import HostKeys, load_keys
from devstack.trigger_host.http_app import HttpApp
from devstack.trigger_host.http_server import HttpServer
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.queue_listener import queue_listener
from devstack.trigger_host.queue_reader import QueueReader
from devstack.trigger_host.storage import HOST_STORAGE, StorageAccounts, check_connection
from devstack.trigger_host.timer_listener import TimerListener
from devstack.trigger_host.timer_status import TimerStatuses
from devstack.trigger_host.triggers import BlobTrigger, HttpTrigger, QueueTrigger, TimerTrigger, Trigger
from devstack.trigger_host.worker import Worker


@dataclass(frozen=True)
class HostOptions:
    """How to run the host. Times in seconds; `poll_seconds` is the pause between looks at containers and queues."""

    root: Path
    state_folder: Path
    port: int
    poll_seconds: float
    message_invisible_seconds: int


class _Listener(Protocol):
    """What the host starts and stops: stop asks, join waits and says whether all has ended."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def join(self, seconds: float) -> bool: ...


class Host:
    """A running host. Made by `start` in the event loop that will carry out the invocations."""

    def __init__(self, worker: Worker, settings: Mapping[str, str], options: HostOptions) -> None:
        self.id = host_id(settings, options.root)
        self.keys: HostKeys = load_keys(settings, options.state_folder, self.id)
        self.disabled, self.triggers = _split_disabled(read_triggers(worker.functions, settings), settings)
        check_connection(settings, HOST_STORAGE, "the host's own storage")
        self._worker = worker
        self._accounts = StorageAccounts(settings)
        self._statuses = TimerStatuses(HostBlobs(self._accounts.blobs(HOST_STORAGE)), self.id)
        self._invocations = Invocations(worker, asyncio.get_running_loop())
        self._host_json = read_host_json(options.root / "host.json")
        self._admin = Admin(self.triggers, self._statuses, self._invocations, self.id, self.keys)
        blobs = self._blobs(options)
        self._http = HttpServer(self._http_app(blobs), options.port)
        self._listeners: list[_Listener] = [self._http, *self._timers(), *self._queues(options)]
        if blobs:
            self._listeners.append(blobs)

    @classmethod
    async def start(cls, settings: Mapping[str, str], options: HostOptions) -> Self:
        """Load the app and start its triggers; returns when HTTP answers.

        Raises TriggerHostError if the app cannot be loaded, needs what this host cannot do, or a setting is missing.
        """
        host = cls(await Worker.start(options.root), settings, options)
        for listener in host._listeners:
            listener.start()
        return host

    @property
    def url(self) -> str:
        """Where HTTP answers, without a trailing slash."""
        return self._http.url

    @property
    def base_url(self) -> str:
        """Where the functions' routes begin, with a slash at its end."""
        prefix = self._host_json.route_prefix
        return f"{self.url}/{prefix}/" if prefix else f"{self.url}/"

    def stop(self, seconds: float) -> bool:
        """Begin nothing new and wait up to so long for what runs; return whether all of it has ended.

        Call it from another thread than the event loop's, which is still needed by what runs.
        """
        end = time.monotonic() + seconds
        for listener in self._listeners:
            listener.stop()
        ended = [listener.join(max(0.0, end - time.monotonic())) for listener in self._listeners]
        ended.append(self._admin.join(max(0.0, end - time.monotonic())))
        if all(ended):
            self._worker.stop()
            self._accounts.close()
        return all(ended)

    def _http_app(self, blobs: BlobListener | None) -> HttpApp:
        routes = [trigger for trigger in self.triggers if isinstance(trigger, HttpTrigger)]
        webhook = BlobWebhook(blobs.enqueue) if blobs else None
        return HttpApp(routes, self._host_json.route_prefix, self.keys, self._invocations, self._admin, webhook)

    def _timers(self) -> list[TimerListener]:
        timers = [trigger for trigger in self.triggers if isinstance(trigger, TimerTrigger)]
        return [TimerListener(timer, self._statuses, self._invocations) for timer in timers]

    def _queues(self, options: HostOptions) -> list[QueueReader]:
        queues = [trigger for trigger in self.triggers if isinstance(trigger, QueueTrigger)]
        times = (options.poll_seconds, options.message_invisible_seconds)
        return [
            queue_listener(trigger, self._accounts, self._invocations, self._host_json.queues, *times)
            for trigger in queues
        ]

    def _blobs(self, options: HostOptions) -> BlobListener | None:
        blobs = [trigger for trigger in self.triggers if isinstance(trigger, BlobTrigger)]
        if not blobs:
            return None
        return BlobListener(
            blobs,
            self._accounts,
            self._invocations,
            self.id,
            self._host_json,
            options.poll_seconds,
            options.message_invisible_seconds,
        )


def _split_disabled(triggers: list[Trigger], settings: Mapping[str, str]) -> tuple[list[Trigger], list[Trigger]]:
    """Return those turned off by the setting AzureWebJobs.<function>.Disabled, and the others."""
    off = [t for t in triggers if settings.get(f"AzureWebJobs.{t.function}.Disabled", "").lower() in ("true", "1")]
    return off, [trigger for trigger in triggers if trigger not in off]
