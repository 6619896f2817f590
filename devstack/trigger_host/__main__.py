"""Run a function app on this machine: `python -m devstack.trigger_host --root .` does it.

A stand-in for `func start` where Azure Functions Core Tools are absent. See docs/trigger-host.md for what it does
and does not.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from devstack.trigger_host.console import log_to_stderr, say
from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.host import Host, HostOptions
from devstack.trigger_host.host_keys import write_private
from devstack.trigger_host.settings import read_local_settings

BANNER = (
    "Local trigger host: a stand-in for Azure Functions Core Tools ('func start'), not the real host. It runs the app\n"
    "through Microsoft's Python worker library and serves blob, queue, timer and HTTP triggers, nothing else."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the host until SIGTERM or SIGINT. Return 0 after a clean stop, 1 if not started or runs were abandoned."""
    given = _parser().parse_args(arguments)
    log_to_stderr()
    say(BANNER)
    try:
        ended = asyncio.run(_serve(given))
    except TriggerHostError as error:
        sys.stderr.write(f"The trigger host did not start. {error}\n")
        return 1
    if not ended:
        sys.stderr.write(f"Still running after {given.stop_seconds:g} s, and abandoned.\n")
        sys.stderr.flush()
        # Threads of abandoned invocations would keep the interpreter from ending.
        os._exit(1)
    return 0


async def _serve(given: argparse.Namespace) -> bool:
    root: Path = given.root.resolve()
    settings_file = given.settings or root / "local.settings.json"
    ready_file = given.ready_file.resolve() if given.ready_file else None
    options = _options(given, root)
    _fill_environment(settings_file.resolve())
    stopping = _stop_on_signals()
    host = await Host.start(os.environ, options)
    _tell(host)
    if ready_file:
        write_private(ready_file, json.dumps(_ready(host)))
    say(f"Ready. HTTP routes are under {host.base_url}. Ctrl-C stops the host.")
    await stopping.wait()
    say("Stopping: nothing new begins.")
    ended = await asyncio.to_thread(host.stop, given.stop_seconds)
    if ready_file:
        ready_file.unlink(missing_ok=True)
    return ended


def _options(given: argparse.Namespace, root: Path) -> HostOptions:
    state_folder = given.state_folder or root / ".devstack" / "trigger_host"
    return HostOptions(
        root=root,
        state_folder=state_folder.resolve(),
        port=given.port,
        poll_seconds=given.blob_poll_seconds,
        message_invisible_seconds=given.message_invisible_seconds,
    )


def _fill_environment(settings_file: Path) -> None:
    for name, value in read_local_settings(settings_file).items():
        os.environ.setdefault(name, value)
    runtime = os.environ.setdefault("FUNCTIONS_WORKER_RUNTIME", "python")
    if runtime != "python":
        raise TriggerHostError(f"FUNCTIONS_WORKER_RUNTIME is {runtime!r}; this host only runs python apps.")


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _tell(host: Host) -> None:
    say(f"Host id {host.id}. Functions:")
    for trigger in host.triggers:
        say(f"  {trigger}")
    for trigger in host.disabled:
        say(f"  {trigger} -- disabled by setting")


def _ready(host: Host) -> dict[str, object]:
    return {
        "url": host.url,
        "pid": os.getpid(),
        "host_id": host.id,
        "functions": [trigger.function for trigger in host.triggers],
        "keys": asdict(host.keys),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devstack.trigger_host", description=BANNER)
    parser.add_argument("--root", type=Path, default=Path(), help="the function app's folder (default: here)")
    parser.add_argument("--settings", type=Path, help="default: local.settings.json in the app's folder")
    parser.add_argument("--port", type=int, default=7071, help="HTTP port on 127.0.0.1; 0 means any free one")
    parser.add_argument(
        "--blob-poll-seconds",
        type=_positive,
        default=1.0,
        help="pause between looks at containers and queues (the real host's: 10, and up to 60)",
    )
    parser.add_argument(
        "--message-invisible-seconds",
        type=int,
        default=600,
        help="how long a message stays hidden after its host died (default 600, as the real host)",
    )
    parser.add_argument("--stop-seconds", type=_positive, default=10.0, help="how long a stop waits for runs")
    parser.add_argument("--state-folder", type=Path, help="for the keys; default: .devstack/trigger_host")
    parser.add_argument("--ready-file", type=Path, help="written when ready: url, pid, functions, keys as JSON")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise ValueError(text)
    return value


if __name__ == "__main__":
    raise SystemExit(main())
