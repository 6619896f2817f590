"""Door: the host gave up on a blob's event."""

import azure.functions as func

from .relearner import relearner

door = func.Blueprint()


@door.queue_trigger(arg_name="message", queue_name="webjobs-blobtrigger-poison", connection="TrainingStorage")
def record_poison(message: func.QueueMessage) -> None:
    """Record the runs that the event would have begun, so that the timer begins them."""
    relearner().record_poison(message.get_body())
