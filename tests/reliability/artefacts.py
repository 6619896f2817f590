"""What the suites leave for the search for secrets: state documents, log lines, answers, as text."""

from dataclasses import dataclass, field

MOST_CHARACTERS = 200_000_000
"""Above this the suites would be measuring the machine's memory."""


@dataclass
class Artefacts:
    """Everything written down by the suites of one process, and the secrets that must not be in it."""

    texts: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)

    def keep(self, name: str, text: str) -> None:
        """Remember what was written down at `name`, such as `storage faults: document open/x.json`.

        Raises MemoryError if the suites keep more than can sensibly be searched.
        """
        if sum(map(len, self.texts.values())) + len(text) > MOST_CHARACTERS:
            raise MemoryError(f"the artefacts have grown over {MOST_CHARACTERS} characters at {name!r}")
        self.texts[name] = self.texts.get(name, "") + text

    def must_not_hold(self, *secrets: str) -> None:
        """Remember secrets of a suite's own stack."""
        self.secrets.update(secret for secret in secrets if secret)


ARTEFACTS = Artefacts()
"""Of this process: the suites fill it, the last suite searches it."""
