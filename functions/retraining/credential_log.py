"""azure-identity's log. Where it cannot read a token service's answer it writes that down whole, a token with it."""

import logging


def keep_answers_out_of_log() -> None:
    """Let azure-identity write nothing from now on; as often as one likes.

    What it knows of a failure is in the error that it raises, which is told redacted.
    """
    logging.getLogger("azure.identity").setLevel(logging.CRITICAL)
