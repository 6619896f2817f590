"""The state container is deleted by mistake while the app runs."""

from collections.abc import Iterator

from functions.retraining.core.run import Origin, RunStatus
from tests.reliability.storage_faults.disturbed import Outcome
from tests.reliability.storage_faults.driving import delivered, jobs_are_done, succeeded, ticked, ticked_until_over
from tests.reliability.storage_faults.stage import Play, Stage


def container_deleted(stage: Stage, *, job_done: bool) -> Outcome:
    """After one example went live and while the next one's job runs, or is done; then the timer and the sweep."""
    play = stage.play()
    (pipeline,) = play.pipelines
    delivered(play, play.upload(pipeline, 1))
    ticked_until_over(play)
    delivered(play, play.upload(pipeline, 2))
    if job_done:
        jobs_are_done(play)
    play.storage.delete_container(play.state)
    ticked(play)
    succeeded(play.app.sweep_examples)
    ticked_until_over(play)
    delivered(play, play.upload(pipeline, 3))
    ticked_until_over(play)
    play.keep_artefacts()
    return Outcome(1, tuple(f"the state container deleted: {each}" for each in _troubles(play, pipeline)))


def _troubles(play: Play, pipeline: str) -> Iterator[str]:
    """The app goes on by itself; what it has forgotten is trained on once more at most, and the newest goes live."""
    ended = play.ended(pipeline)
    if any(run.status not in {RunStatus.SUCCEEDED, RunStatus.SUPERSEDED} for run in ended):
        yield f"ended as {[(run.origin, run.status, run.failure) for run in ended]}"
    if max(play.trainings(pipeline)) > 2:
        yield f"its examples were trained on {play.trainings(pipeline)} times"
    examples = [run for run in ended if run.origin is Origin.LABELED_EXAMPLE]
    last = max(run.blob.last_modified for run in examples)
    newest = [run for run in examples if run.blob.last_modified == last]  # of one second, any may be the newest
    if play.studio.live()[pipeline] not in {run.model.path for run in newest if run.model}:
        ids = [run.id for run in newest]
        yield f"{play.studio.live()[pipeline]} is live, and the newest runs are {ids}"
    yield from (f"a defect: {line}" for line in play.journal.defects())
