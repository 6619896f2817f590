"""A scoring web service in memory: takes a model at once, takes effect when it is told to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.retraining.core.blobs import Model
from functions.retraining.core.errors import PermanentError
from functions.retraining.core.observed import ScoringSeen

from .blobs import MemoryArchive
from .clock import SettableClock
from .steps import Steps


@dataclass
class MemoryScoringService:
    """Keeps the promises of `core.ports.ScoringService`.

    `live` is every model that went live, in order. An update takes effect `lag` later. `name` is what the pipeline
    calls its trained model, `names` what the service knows.
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

    def read(self, model: Model) -> ScoringSeen:
        """What it serves, and whether that is `model`."""
        return self.steps.step("scoring.read", self.subject, lambda: self._seen(model))

    def send(self, model: Model) -> None:
        """Serve `model` from now on."""
        self.steps.step("scoring.send", self.subject, lambda: self._take(model))

    def work(self) -> None:
        """Let what was sent take effect if its time has come."""
        if self.coming and self.coming[0] <= self.clock.now():
            path, self.coming = self.coming[1], None
            if self.serving != path:
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

    def _take(self, model: Model) -> None:
        self.coming = (self.clock.now() + self.lag, model.path)
        self.work()
