"""The process's one app, for the doors."""

import logging
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .retraining.bootstrap import Relearner

APP_ROOT = Path(__file__).resolve().parent.parent
"""The folder of function_app.py and of adf/."""

_TALKATIVE = "azure.core"
"""It logs each request at INFO, in several lines. The worker's root logger lets INFO through, and host.json cannot tell
them from the journal: all that a function logs arrives in its own category."""


@cache
def relearner() -> "Relearner":
    """The app, built from the environment at the first call.

    Raises ConfigurationError at each call until the settings and definitions are right. The import is late because
    the host loads every door at each cold start, and needs neither storage nor service clients for that.
    """
    logging.getLogger(_TALKATIVE).setLevel(logging.WARNING)
    from .retraining.bootstrap import build  # noqa: PLC0415 - late on purpose, see above

    return build(os.environ, APP_ROOT)
