"""A scoring web service in memory: takes a model at once, takes effect when it is told to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.retraining.core.blobs import Model
from functions.retraining.core.errors import NotFound, PermanentError
from functions.retraining.core.observed import ScoringSeen, UpdateSeen, UpdateState

from .blobs import MemoryArchive
from .clock import SettableClock
from .steps import Steps


@dataclass
class MemoryScoringService:
    """Keeps the promises of `core.ports.ScoringService`.

    `live` is every model that went live, in order. An update takes effect `lag` later. `name` is what the pipeline
    calls its trained model, `names` what the service knows. `follows` makes it one that says how far an update is;
    `ends` is how those updates end, and `has_effect` whether what it calls complete goes live.
    """

    steps: Steps
    clock: SettableClock
    archive: MemoryArchive
    subject: str
    name: str = "model [trained model]"
    names: tuple[str, ...] = ("model [trained model]",)
    lag: timedelta = timedelta(0)
    live: list[str] = field(default_factory=list)
    coming: tuple[datetime, str] | None = None
    follows: bool = False
    ends: UpdateState = UpdateState.SUCCEEDED
    has_effect: bool = True
    operations: dict[str, datetime] = field(default_factory=dict)

    def read(self, model: Model) -> ScoringSeen:
        """What it serves, and whether that is `model`."""
        return self.steps.step("scoring.read", self.subject, lambda: self._seen(model))

    def send(self, model: Model) -> str | None:
        """Serve `model` from now on."""
        return self.steps.step("scoring.send", self.subject, lambda: self._take(model))

    def follow(self, operation: str) -> UpdateSeen:
        """How far the update is."""
        return self.steps.step("scoring.follow", self.subject, lambda: self._progress(operation))

    def work(self) -> None:
        """Let what was sent take effect if its time has come."""
        if self.coming and self.coming[0] <= self.clock.now():
            path, self.coming = self.coming[1], None
            if self.serving != path and self.has_effect and self.ends is UpdateState.SUCCEEDED:
                self.live.append(path)

    @property
    def serving(self) -> str:
        """The path of the model served now."""
        return self.live[-1] if self.live else ""

    def made_from(self) -> list[datetime]:
        """The times of the blobs that the models which went live go back to, in order."""
        return [self.archive.copies[path.removeprefix("models/")].made_from for path in self.live]

    def _seen(self, model: Model) -> ScoringSeen:
        self.work()
        if self.name not in self.names:
            call, message = "get the scoring endpoint", f"{self.name!r} is not among its resources: {self.names}"
            raise PermanentError(call, message, status=200, request_id="r-name")
        return ScoringSeen(self.names, self.serving, self.serving == model.path)

    def _take(self, model: Model) -> str | None:
        done = self.clock.now() + self.lag
        self.coming = (done, model.path)
        self.work()
        if not self.follows:
            return None
        operation = f"https://service/operations/{self.subject}/{len(self.operations) + 1}"
        self.operations[operation] = done
        return operation

    def _progress(self, operation: str) -> UpdateSeen:
        self.work()
        if operation not in self.operations:
            call, message = "follow the update", "the operation is unknown"
            raise NotFound(call, message, status=404)
        if self.operations[operation] > self.clock.now():
            return UpdateSeen(UpdateState.GOES_ON, "Running")
        return UpdateSeen(self.ends, "the service's own words")
