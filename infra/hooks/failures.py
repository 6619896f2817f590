"""The one error of the hooks."""


class HookError(Exception):
    """The hook cannot go on; its text says what happened and what to do, for whoever runs azd. It holds no secret."""
