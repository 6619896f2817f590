"""Events that Event Grid could not deliver lie in a container as blobs: say so, so that somebody asks why."""

from itertools import islice

from functions.retraining.core.errors import RelearnerError

from .app import App, Level

ONE_LIST = 5_000
"""Blobs that one List answers with: more are not counted."""


def report_dead_letters(app: App) -> None:
    """One `dead_letters_found` line if there are any; nothing is read or removed. One List, none if not asked for.

    The examples themselves are not lost: the sweep finds them. Trouble is written down; the next sweep tries again.
    """
    container = app.dead_letter_container
    if not container:
        return
    try:
        found = list(islice(app.blobs.under(container, ""), ONE_LIST))
    except RelearnerError as error:
        app.journal.event("sweep_failed", Level.ERROR, container=container, why=str(error))
        return
    if found:
        newest = max(blob.last_modified for blob in found)
        app.journal.event("dead_letters_found", Level.WARNING, container=container, count=len(found), newest=newest)
