"""A queue trigger as a whole: one queue's reader, and what runs its function."""

from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.queue_options import QueueOptions
from devstack.trigger_host.queue_reader import QueueReader
from devstack.trigger_host.queue_runner import QueueRunner
from devstack.trigger_host.storage import StorageAccounts
from devstack.trigger_host.triggers import QueueTrigger

POISON_SUFFIX = "-poison"


def queue_listener(
    trigger: QueueTrigger,
    accounts: StorageAccounts,
    invocations: Invocations,
    options: QueueOptions,
    poll_seconds: float,
    invisible_seconds: int,
) -> QueueReader:
    """The reader of this trigger's queue, not yet started. A queue that is not there is waited for, never made."""
    queue = HostQueue(accounts.queues(trigger.connection), trigger.queue)
    poison = _poison_queue(trigger, accounts)
    runner = QueueRunner(trigger, queue, poison, invocations, options, invisible_seconds)
    return QueueReader(queue, runner.process, options.batches, poll_seconds, invisible_seconds)


def _poison_queue(trigger: QueueTrigger, accounts: StorageAccounts) -> HostQueue | None:
    """None for a queue that is one itself (QueueListenerFactory.CreatePoisonQueueReference)."""
    if trigger.queue.endswith(POISON_SUFFIX):
        return None
    return HostQueue(accounts.queues(trigger.connection), f"{trigger.queue}{POISON_SUFFIX}")
