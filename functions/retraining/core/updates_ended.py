"""How a run ends when each of its updates has: by them all, in the words of those that did not succeed."""

from msgspec.structs import replace

from .moves import Decision, Situation, moved
from .run import Failure, RunStatus


def run_ended(case: Situation) -> Decision:
    """Succeeded when all updates have; else what the first that has not says, and which ones have."""
    updates = case.run.updates
    bad = [update for update in updates if update.outcome is not RunStatus.SUCCEEDED]
    if not bad:
        return Decision(moved(case.run, RunStatus.SUCCEEDED, case.now, _success_words(len(updates))))
    failed = [update for update in bad if update.outcome is RunStatus.FAILED]
    first = (failed or bad)[0]
    failure = first.failure or Failure(message="")
    if len(updates) > 1:
        failure = replace(failure, message=_words_of_all(case))
    return case.ends(first.outcome or RunStatus.FAILED, failure)


def _success_words(updates: int) -> str:
    return "the scoring web service names this model" if updates == 1 else f"all {updates} scoring web services name it"


def _words_of_all(case: Situation) -> str:
    return "; ".join(
        f"activity {update.activity!r} {update.outcome}{f': {update.failure.message}' if update.failure else ''}"
        for update in case.run.updates
    )
