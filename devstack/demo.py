"""The main job for real: a poor model is live, a better example is uploaded, and soon a better model is live."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from devstack.console import Console
from devstack.examples import better_sample, held_out_sample, poor_sample
from devstack.following import Follower
from devstack.places import ROOT
from devstack.stack import Stack
from devstack.studio import BlobReference, Hold, Pace
from devstack.studio_calls import StudioCalls
from devstack.uploading import make_containers, sample_content, upload
from functions.retraining.bootstrap import build
from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.run import Run
from functions.retraining.workflows.app import App

FOLLOW_SECONDS = 60
POLL_SCHEDULE = "*/2 * * * * *"
"""Every two seconds, so that the demo is short; a real app asks once a minute."""

PACE = Pace(queued=Hold(seconds=1), running=Hold(seconds=3))
"""Long enough for the timer to see the job waiting and running."""


@dataclass(frozen=True)
class Outcome:
    """What the demo showed: the run, the model live at its end, the accuracy before and after (0 to 1)."""

    run: Run
    live_model: str
    before: float
    after: float

    @property
    def better(self) -> bool:
        """Whether the scoring web service answers with the newly trained model, and scores better."""
        new = self.run.model is not None and self.live_model == self.run.model.path
        return self.run.status.value == "succeeded" and new and self.after > self.before


def demo(console: Console, scoring: Literal["classic", "arm"] = "classic") -> Outcome:
    """Run the main job on a stack of its own, thrown away afterwards; `scoring` is the kind of its web service.

    Unless the new model is live and better, the trigger host's log goes to standard error before it is thrown away.
    """
    with tempfile.TemporaryDirectory(prefix="relearner-demo-") as folder, Stack.start(Path(folder)) as stack:
        console.event("azurite", f"storage answers at {stack.azurite.blob_endpoint}", url=stack.azurite.blob_endpoint)
        console.event("studio", f"the local Azure ML Studio answers at {stack.studio.url}", url=stack.studio.url)
        if scoring == "arm":
            stack.with_arm_scoring()
        outcome = None
        try:
            outcome = _main_job(stack, console)
        finally:
            if outcome is None or not outcome.better:
                _show_log(stack)
        return outcome


def _main_job(stack: Stack, console: Console) -> Outcome:
    stack.studio.set_pace(PACE)
    app = build(stack.settings, ROOT).app
    pipeline = next(iter(app.pipelines.values())).pipeline
    _prepare(stack, console, pipeline)
    return _retrain(stack, console, app, pipeline)


def _prepare(stack: Stack, console: Console, pipeline: Pipeline) -> None:
    storage = stack.azurite.connection_string
    make_containers(storage, (pipeline.labeled_examples.container, pipeline.trained_model.container))
    first = BlobReference("published/first.ilearner", connection_string=storage)
    model = stack.studio.publish(poor_sample().to_arff(), first)
    words = f"the first model is live, trained on {model.rows} rows: a poor one"
    console.event("published", words, rows=model.rows, model=model.relative_location)
    host = stack.start_host({"POLL_SCHEDULE": POLL_SCHEDULE})
    console.event("host", f"the trigger host runs {', '.join(host.functions)}", functions=host.functions)


def _retrain(stack: Stack, console: Console, app: App, pipeline: Pipeline) -> Outcome:
    studio = StudioCalls.of(stack.settings)
    before = _score(console, studio, "before")
    better, dataset = better_sample(), pipeline.labeled_examples
    content = sample_content(better, dataset.file_name or "better.arff")
    version = upload(app, stack.azurite.connection_string, dataset, "better.arff", content)
    console.event("uploaded", f"{version.path}: {len(better.rows)} rows", blob=version.path, rows=len(better.rows))
    follower = Follower(app, pipeline.name, version, studio)
    for happening in follower.happenings(FOLLOW_SECONDS):
        console.event(happening.name, happening.words, at=happening.at.isoformat(), detail=happening.words)
    run = follower.run()
    if run is None:
        message = "the run is gone: its document was removed while it was followed"
        raise LookupError(message)
    return Outcome(run, studio.live_model(), before, _score(console, studio, "after"))


def _score(console: Console, studio: StudioCalls, when: str) -> float:
    held_out = held_out_sample()
    accuracy = studio.accuracy(held_out)
    words = f"{when}: {accuracy:.1%} of {len(held_out.rows)} held-out rows are right"
    console.event("scored", words, when=when, accuracy=accuracy, rows=len(held_out.rows))
    return accuracy


def _show_log(stack: Stack) -> None:
    if stack.host:
        sys.stderr.write(f"The trigger host's log:\n{stack.host.log}\n")
