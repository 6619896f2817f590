"""Everything that can go wrong, by what can be done about it.

RelearnerError
├── ConfigurationError      the definitions or settings are wrong; nothing was started
├── ServiceError            a service answered, or failed to
│   ├── TransientError      the same call may work later
│   │   └── OutcomeUnknown  it may even have been carried out: the answer was lost
│   └── PermanentError      the same call will never work; the service's own words say why
│       └── NotFound        what the call names is not there
└── StateError              our own state
    ├── Conflict            somebody else wrote first: load and decide again
    └── Unreadable          a document is damaged, or of a newer schema
"""

from dataclasses import dataclass
from datetime import timedelta


class RelearnerError(Exception):
    """The root: anything this app raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the configuration: where, what, and what is expected there."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


class ConfigurationError(RelearnerError):
    """The definitions or settings are wrong. Carries every fault found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(["The configuration cannot be used:", *(f"  {fault}" for fault in faults)]))
        self.faults = faults


class ServiceError(RelearnerError):
    """A service's refusal in its own words.

    `call` names the operation, `status` is the HTTP status or None without an answer, `code` the service's most
    specific error code, `request_id` what its support asks for.
    """

    def __init__(
        self, call: str, message: str, *, status: int | None = None, code: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.call = call
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id

    def judged[T: ServiceError](self, kind: type[T], message: str | None = None) -> T:
        """The same refusal as another kind of error, or in other words."""
        words = self.message if message is None else message
        return kind(self.call, words, status=self.status, code=self.code, request_id=self.request_id)

    def __str__(self) -> str:
        facts = [
            f"HTTP {self.status}" if self.status else "no answer",
            self.code,
            self.request_id and f"request {self.request_id}",
        ]
        return f"{self.call}: {self.message} ({', '.join(fact for fact in facts if fact)})"


class TransientError(ServiceError):
    """The same call may work later. `retry_after` is the service's own wish, if it said one."""

    retry_after: timedelta | None = None


class OutcomeUnknown(TransientError):
    """The call was sent and no whole answer came back: it may have been carried out."""


class PermanentError(ServiceError):
    """The same call will never work."""


class NotFound(PermanentError):
    """What the call names is not there."""


class StateError(RelearnerError):
    """Our own state in storage."""


class Conflict(StateError):
    """Somebody else wrote the document first: load it and decide again."""


class AlreadyEnded(StateError):
    """The run is over: this is a second event for it, or the rest of a crash."""


class Unreadable(StateError):
    """A document is damaged or of a schema this code does not know. It is left exactly as it is.

    `document` is where it lies, `problem` what is wrong with it, `remedy` what the person on call can do.
    """

    def __init__(self, document: str, problem: str, remedy: str) -> None:
        super().__init__(f"{document} {problem}. {remedy}")
        self.document = document
        self.problem = problem
        self.remedy = remedy
