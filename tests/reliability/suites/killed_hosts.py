"""`kill -9` of the trigger host at moments of chance, again and again, during 200 runs."""

from collections.abc import Iterator

from functions.retraining.core.run import RunStatus
from tests.reliability.finding import Finding
from tests.reliability.killed_hosts.judging import (
    ended_runs,
    orphans,
    repeated_starts,
    troubles_of_jobs,
    troubles_of_pipeline,
    troubles_of_upload,
)
from tests.reliability.killed_hosts.killing import Killed, kill_until_all_have_ended
from tests.reliability.killed_hosts.street import LEASE_SECONDS, Street, street

UPLOADS = 200
PIPELINES = 10
PATIENCE_SECONDS = 280.0


def findings() -> Iterator[Finding]:
    """200 uploads for ten pipelines, until the last of them has ended."""
    yield from killed(UPLOADS, PIPELINES, PATIENCE_SECONDS)


def killed(uploads: int, pipelines: int, patience_seconds: float) -> tuple[Finding, Finding]:
    """What came of the uploads, and of the pipelines, on hosts that were killed."""
    with street(pipelines) as stack:
        killed = kill_until_all_have_ended(stack, uploads, patience_seconds)
        stack.keep_artefacts()
        return of_uploads(stack, killed), of_pipelines(stack)


def of_uploads(stack: Street, killed: Killed) -> Finding:
    """Each upload, and what the hosts went through."""
    of_each = [list(troubles_of_upload(stack, each)) for each in stack.uploaded]
    troubles = [trouble for several in of_each for trouble in several]
    live = sum(run.status is RunStatus.SUCCEEDED for run in ended_runs(stack))
    over = "given up" if killed.given_up else "all over"
    figures = (
        f"{len(killed.moments)} kills, median {killed.median_between:.1f} s apart; {over} after "
        f"{killed.seconds:.0f} s; {live} went live; lease {LEASE_SECONDS} s; "
        f"{orphans(stack)} jobs registered and never started; {repeated_starts(stack)} repeated starts, all refused"
    )
    return Finding(
        "kill -9 of the host: uploads that ended, trained on once",
        len(of_each),
        of_each.count([]),
        figures,
        tuple(troubles),
    )


def of_pipelines(stack: Street) -> Finding:
    """Each pipeline, and the jobs of all of them."""
    of_each = [list(troubles_of_pipeline(stack, each)) for each in stack.pipelines] + [list(troubles_of_jobs(stack))]
    troubles = tuple(trouble for several in of_each for trouble in several)
    tried = "kill -9 of the host: newest live, never an older after it, slots free, nothing open, no job started twice"
    return Finding(tried, len(of_each), of_each.count([]), f"{len(stack.pipelines)} pipelines, 1 studio", troubles)
