"""The studio as a process of its own: `python -m devstack.studio --folder DIR [--port N] [--keys FILE]`.

Prints one line of JSON with its addresses when it is ready, and serves until SIGTERM or Ctrl-C.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from devstack.studio.provisioning import Keys
from devstack.studio.server import Studio


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; 2 if it cannot start, with one line on stderr that says why."""
    options = _options(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        keys = Keys.read(options.keys) if options.keys else Keys()
        studio = Studio.start(options.folder, port=options.port, keys=keys)
    except (OSError, ValueError, TypeError) as error:
        sys.stderr.write(f"the studio cannot start: {error}\n")
        return 2
    with studio:
        sys.stdout.write(json.dumps(studio.addresses()) + "\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devstack.studio", description="A local Azure ML Studio (classic).")
    parser.add_argument("--folder", type=Path, required=True, help="for its certificate, keys and log")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--keys", type=Path, help="a JSON file with keys to use instead of fresh ones")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
