"""The findings as people and scripts read them, without anything that looks like a secret or is a secret setting."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby

from functions.retraining.adf.accounts import connection_string_parts
from functions.retraining.core.redact import redacted

from .finding import Finding, Outcome

_SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|SIGNATURE", re.IGNORECASE)
_SECRET_PARTS = ("accountkey", "sharedaccesssignature")
_SHORTEST = 6
"""Characters. What is shorter would be cut out of ordinary words."""

_MARKS = {Outcome.OK: "ok", Outcome.NOTICE: "notice", Outcome.PROBLEM: "PROBLEM"}


class Hidden:
    """Cuts the values of secret settings out of text."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._secrets = sorted(_secrets(values), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without them."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return redacted(text)


def as_text(findings: Iterable[Finding], hidden: Hidden) -> Iterator[str]:
    """Lines, by area; what to do stands below what was found. The last line counts."""
    counted: Counter[Outcome] = Counter()
    for area, group in groupby(findings, key=lambda finding: finding.area):
        yield area
        for finding in group:
            counted[finding.outcome] += 1
            yield f"  {_MARKS[finding.outcome]:<8} {hidden(finding.subject)}: {hidden(finding.found)}"
            if finding.to_do:
                yield f"           to do: {hidden(finding.to_do)}"
    yield ""
    yield f"{_counted(counted, Outcome.PROBLEM)}, {_counted(counted, Outcome.NOTICE)}, {counted[Outcome.OK]} ok."


def as_json(findings: Iterable[Finding], hidden: Hidden) -> str:
    """One JSON object: the counts by outcome, and the findings."""
    listed = [{name: hidden(str(text)) for name, text in asdict(finding).items()} for finding in findings]
    counted = Counter(each["outcome"] for each in listed)
    return json.dumps({**{each.value: counted[each.value] for each in Outcome}, "findings": listed}, indent=2)


def _counted(counted: Counter[Outcome], outcome: Outcome) -> str:
    return f"{counted[outcome]} {outcome}{'' if counted[outcome] == 1 else 's'}"


def _secrets(values: Mapping[str, str]) -> set[str]:
    """A path or a number under a secret's name (a key's file, say) is hidden as well: better so than the other way."""
    named = {value for name, value in values.items() if _SECRET_NAME.search(name)}
    parts = (connection_string_parts(value) for value in values.values() if "=" in value)
    inside = {part[name] for part in parts for name in _SECRET_PARTS if name in part}
    return {secret for secret in named | inside if len(secret) >= _SHORTEST}
