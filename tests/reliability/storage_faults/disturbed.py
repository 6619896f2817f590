"""A run while every so many requests to the app's containers get into trouble, and while all of them do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.reliability.storage_faults.driving import delivered, succeeded, ticked, ticked_until_over
from tests.reliability.storage_faults.promises import troubles
from tests.reliability.storage_faults.proxy import FaultProxy
from tests.reliability.storage_faults.stage import Stage
from tests.reliability.storage_faults.trouble import Trouble


@dataclass(frozen=True)
class Outcome:
    """What came of one play: how many requests met the trouble, and what did not hold."""

    hits: int
    troubles: tuple[str, ...]


def disturbed(stage: Stage, trouble: Trouble) -> Outcome:
    """One run, from its event to its end, disturbed all the time."""
    with FaultProxy(stage.azurite) as proxy:
        play = stage.play(connection_string=proxy.connection_string)
        name = play.upload(play.pipelines[0])
        proxy.order(trouble)
        if not delivered(play, name):
            succeeded(play.app.sweep_examples)
        ticked_until_over(play)
        play.keep_artefacts()
        return Outcome(proxy.hits, tuple(f"{trouble.name}: {each}" for each in (*troubles(play), *_unhit(proxy))))


def refused_for_a_while(stage: Stage, trouble: Trouble) -> Outcome:
    """A run whose job ends while every request is in trouble; then storage is well again."""
    with FaultProxy(stage.azurite) as proxy:
        play = stage.play(connection_string=proxy.connection_string)
        delivered(play, play.upload(play.pipelines[0]))
        proxy.order(replace(trouble, share=1.0))
        for _ in range(2):
            ticked(play)
        proxy.heal()
        ticked_until_over(play)
        play.keep_artefacts()
        return Outcome(proxy.hits, tuple(f"{trouble.name}, all: {each}" for each in (*troubles(play), *_unhit(proxy))))


def _unhit(proxy: FaultProxy) -> Iterator[str]:
    if not proxy.hits:
        yield "no request met it"
