"""The admin routes of the real host that are of use here: its state, its system key, and running a timer by hand.

`GET /admin/host/status`, `GET /admin/host/systemkeys/{name}` and `POST /admin/functions/{name}`; whoever calls this
has checked the master key.
"""

import json
import threading
import time
from collections.abc import Iterable
from urllib.parse import unquote

from azure.core.exceptions import AzureError
from werkzeug.wrappers import Response

from devstack.trigger_host.host_keys import HostKeys
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.timer_run import run_timer
from devstack.trigger_host.timer_status import TimerStatus, TimerStatuses
from devstack.trigger_host.triggers import TimerTrigger, Trigger

FUNCTIONS = "/admin/functions/"
SYSTEM_KEYS = "/admin/host/systemkeys/"


class Admin:
    """Answers admin requests. As in the real host, a run by hand does not wait for a scheduled one of the timer."""

    def __init__(
        self,
        triggers: Iterable[Trigger],
        statuses: TimerStatuses,
        invocations: Invocations,
        host_id: str,
        keys: HostKeys,
    ) -> None:
        self._triggers = {trigger.function.casefold(): trigger for trigger in triggers}
        self._statuses = statuses
        self._invocations = invocations
        self._host_id = host_id
        self._system_keys = {"blobs_extension": keys.blobs_extension}
        self._started = time.monotonic()
        self._runs: list[threading.Thread] = []

    def answer(self, method: str, path: str) -> Response:
        """Answer a request to a path under /admin/."""
        if path == "/admin/host/status" and method == "GET":
            return self._status()
        if path.startswith(SYSTEM_KEYS) and method == "GET":
            return self._system_key(unquote(path.removeprefix(SYSTEM_KEYS)))
        if path.startswith(FUNCTIONS) and method == "POST":
            return self._run(unquote(path.removeprefix(FUNCTIONS)))
        return Response(status=404)

    def join(self, seconds: float) -> bool:
        """Wait for runs by hand that are under way; return whether all have ended."""
        end = time.monotonic() + seconds
        for run in self._runs:
            run.join(max(0.0, end - time.monotonic()))
        return not any(run.is_alive() for run in self._runs)

    def _status(self) -> Response:
        uptime = int((time.monotonic() - self._started) * 1000)
        fields = {"id": self._host_id, "state": "Running", "version": "local trigger host", "processUptime": uptime}
        return Response(json.dumps(fields), content_type="application/json")

    def _system_key(self, name: str) -> Response:
        if name not in self._system_keys:
            return Response(status=404)
        fields = {"name": name, "value": self._system_keys[name]}
        return Response(json.dumps(fields), content_type="application/json")

    def _run(self, name: str) -> Response:
        trigger = self._triggers.get(name.casefold())
        if trigger is None:
            return Response(status=404)
        if not isinstance(trigger, TimerTrigger):
            return Response(f"{trigger.function} has no timer trigger; only those can be run by hand here.", status=400)
        run = threading.Thread(target=self._run_timer, args=(trigger,), name=f"by hand {name}", daemon=True)
        self._runs = [*(earlier for earlier in self._runs if earlier.is_alive()), run]
        run.start()
        return Response(status=202)

    def _run_timer(self, trigger: TimerTrigger) -> None:
        run_timer(self._invocations, trigger, self._recorded(trigger), "by hand", is_past_due=False)

    def _recorded(self, trigger: TimerTrigger) -> TimerStatus | None:
        if not trigger.use_monitor:
            return None
        try:
            return self._statuses.read(trigger.lookup_name)
        except AzureError:
            return None
