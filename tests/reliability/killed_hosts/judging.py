"""What must be true when all runs have ended, from the documents and from what the studio saw."""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

from functions.retraining.core.run import Run, RunStatus
from functions.retraining.core.slot import TIME_DIGITS
from tests.reliability.killed_hosts.street import Street, Uploaded

LEGAL = frozenset({RunStatus.SUCCEEDED, RunStatus.SUPERSEDED})
"""Nothing is wrong with the examples and services: a host's death is no reason for any other end."""


def troubles_of_upload(street: Street, uploaded: Uploaded) -> Iterator[str]:
    """What did not come of one uploaded version."""
    run = street.runs.ended(uploaded.pipeline, uploaded.run)
    if run is None:
        yield f"{uploaded.version.path} has no ended run"
        return
    if run.status not in LEGAL:
        yield f"{uploaded.version.path} ended {run.status}: {run.failure}"
    trained = street.studio.trainings()[uploaded.version.path]
    if trained > run.attempt or run.attempt > 1 or (run.status is RunStatus.SUCCEEDED and trained != 1):
        yield f"{uploaded.version.path} was trained on {trained} times in {run.attempt} attempts, and {run.status}"


def troubles_of_pipeline(street: Street, pipeline: str) -> Iterator[str]:
    """What is not as it must be of one pipeline: its slot, its runs, what is live and what was live before."""
    slot = street.runs.slot(pipeline).slot
    if slot.active or slot.updating:
        yield f"{pipeline}'s slot is held by {slot.active}, updating {slot.updating}"
    known = {each.run for each in street.uploaded if each.pipeline == pipeline}
    if others := set(street.runs.ended_ids(pipeline)) - known:
        yield f"{pipeline} has runs that no upload began: {sorted(others)}"
    live, newest = street.studio.live()[pipeline], max(known)[:TIME_DIGITS]
    if not slot.deployed or slot.deployed.model != live or slot.deployed.run[:TIME_DIGITS] != newest:
        yield f"{pipeline} has {live} live; its slot says {slot.deployed}; the newest upload is of {newest}"
    sent = [model.rpartition("/")[2][:TIME_DIGITS] for model in _sent(street, pipeline)]
    if sent != sorted(sent):
        yield f"{pipeline}'s endpoint was given older models after newer ones: {sent}"


def troubles_of_jobs(street: Street) -> Iterator[str]:
    """What the studio saw that it must not see."""
    twice = [path for path, times in accepted_starts(street).items() if times > 1]
    if twice:
        yield f"jobs that were started more than once: {twice}"
    if any(street.runs.open_runs()):
        yield f"open still: {[line.id for line in street.runs.open_runs()]}"


def accepted_starts(street: Street) -> Counter[str]:
    """How often each start call was accepted, by its path, which names the job."""
    seen = street.studio.studio.requests_to("bes.start")
    return Counter(each.path for each in seen if each.status < HTTPStatus.BAD_REQUEST)


def repeated_starts(street: Street) -> int:
    """Start calls that were repeated after a death, and refused with CannotStartJob."""
    return len(street.studio.studio.requests_to("bes.start")) - accepted_starts(street).total()


def orphans(street: Street) -> int:
    """Jobs that were registered by a host that died, and never started."""
    return len(street.studio.studio.requests_to("bes.submit")) - len(accepted_starts(street))


def ended_runs(street: Street) -> list[Run]:
    """The lasting document of each upload's run, of those that have one."""
    found = (street.runs.ended(each.pipeline, each.run) for each in street.uploaded)
    return [run for run in found if run]


def _sent(street: Street, pipeline: str) -> list[str]:
    """The models that the pipeline's endpoint was given, in order."""
    seen = street.studio.studio.requests_to("management.patch_endpoint")
    return [
        resource["Location"]["RelativeLocation"]
        for each in seen
        if each.path.endswith(f"/{pipeline}") and isinstance(each.body, dict)
        for resource in each.body["Resources"]
    ]
