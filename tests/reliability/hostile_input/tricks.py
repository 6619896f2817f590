"""Definitions with one trick each, told as a finding."""

from functions.retraining.adf import load
from tests.adf.factories import documents
from tests.reliability.finding import Finding

from .definitions import REFUSED, SETTINGS, TAKEN, check_factory

FILE = "dataset/x.json"


def one_trick_each() -> Finding:
    """A trick that changes a path is a fault in its own file; one that changes nothing is none."""
    troubles = [f"{what}: was taken" for what, text in REFUSED.items() if not _faults(text)]
    troubles += [f"{what}: {faults[0]}" for what, text in TAKEN.items() if (faults := _faults(text))]
    times = len(REFUSED) + len(TAKEN)
    tried = "definitions with path tricks, byte order marks, half characters, doubled properties"
    return Finding(tried, times, times - len(troubles), troubles=tuple(troubles))


def _faults(text: str) -> list[str]:
    texts = {**documents(), FILE: text}
    check_factory(texts)
    return [str(fault) for fault in load(texts, SETTINGS).faults if fault.where.startswith(FILE)]
