"""Door: the slow timer that finds what no event announced."""

import azure.functions as func

from .relearner import relearner

door = func.Blueprint()


@door.timer_trigger(arg_name="timer", schedule="%SWEEP_SCHEDULE%")
def sweep_examples(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host names it; a late sweep is like any other
    """Begin a run for every labeled example, and adopt every trained model, that no run is known for."""
    relearner().sweep_examples()
