"""What can go wrong at start, said to a person."""


class TriggerHostError(RuntimeError):
    """The function app cannot be run by this host. The message says what, where, and what to do."""
