"""What the host says: plain lines on standard output. Log records, the app's included, go to standard error."""

import logging
import sys
import time


def say(line: str) -> None:
    """Write one line to standard output at once, whole even when several threads speak."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def log_to_stderr() -> None:
    """Let the app's log records through from INFO up; the Azure SDKs' and the servers' own only when they warn."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("azure").setLevel(logging.WARNING)
    for noisy in ("urllib3", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
