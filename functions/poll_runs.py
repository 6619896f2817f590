"""Door: the timer that looks at every run that is due."""

import azure.functions as func

from .relearner import relearner

door = func.Blueprint()


@door.timer_trigger(arg_name="timer", schedule="%POLL_SCHEDULE%")
def poll_runs(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host names it; a late tick is like any other
    """Look at each open run and move it on."""
    relearner().poll_runs()
