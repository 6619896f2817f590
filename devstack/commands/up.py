"""`python -m devstack up`: Azurite and the studio, in the foreground, for `func start` beside them."""

import argparse
import os
import signal
import sys
import threading

from devstack.local_settings import refuse_real_storage, write_local_settings
from devstack.places import ROOT, settings_file, stack_folder
from devstack.running import Running, the_only_one
from devstack.stack import Ports, Stack
from devstack.studio import Keys
from devstack.uploading import make_containers
from functions.retraining.bootstrap import build


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("up", help="start Azurite and the studio, and write local.settings.json")
    parser.add_argument("--host", action="store_true", help="run the trigger host too (where there is no func)")
    parser.add_argument(
        "--set",
        action="append",
        type=_setting,
        default=[],
        metavar="NAME=VALUE",
        help="another value for an app setting, such as --set POLL_SCHEDULE='*/5 * * * * *'",
    )
    for service in ("blob", "queue", "table", "studio", "host"):
        parser.add_argument(f"--{service}-port", type=int, default=0, help="default: any free port")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until Ctrl-C or `down`."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    refuse_real_storage(settings_file())
    with the_only_one(), Stack.start(stack_folder(), ports=_ports(options), keys=_keys()) as stack:
        stack.settings.update(options.set)
        _prepare(stack)
        if options.host:
            stack.start_host(port=options.host_port)
        _tell(stack)
        stop.wait()
    return 0


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        message = f"{text!r} is not of the form NAME=VALUE"
        raise argparse.ArgumentTypeError(message)
    return name, value


def _ports(options: argparse.Namespace) -> Ports:
    return Ports(options.blob_port, options.queue_port, options.table_port, options.studio_port)


def _keys() -> Keys | None:
    """The keys of the last time, so that a settings file that names them stays right."""
    file = stack_folder() / "studio" / "keys.json"
    return Keys.read(file) if file.exists() else None


def _prepare(stack: Stack) -> None:
    write_local_settings(stack.settings, settings_file())
    pipelines = [each.pipeline for each in build(stack.settings, ROOT).app.pipelines.values()]
    watched = {dataset.container for each in pipelines for dataset in (each.labeled_examples, each.trained_model)}
    make_containers(stack.azurite.connection_string, tuple(sorted(watched)))


def _tell(stack: Stack) -> None:
    host = stack.host.url if stack.host else None
    Running(pid=os.getpid(), storage=stack.azurite.blob_endpoint, studio=stack.studio.url, host=host).write()
    log = f"\n  trigger host  {host}  (log: {stack.host.log_path})" if stack.host else ""
    following = "it runs the functions" if host else "now run 'func start' in another terminal"
    sys.stdout.write(
        f"The local stack is up; {following}.\n"
        f"  storage       {stack.azurite.blob_endpoint}\n"
        f"  studio        {stack.studio.url}{log}\n"
        f"  settings      {settings_file()}\n"
        "Try: python -m devstack upload --sample better --follow\n"
        "Ctrl-C, or 'python -m devstack down', stops it.\n"
    )
    sys.stdout.flush()
