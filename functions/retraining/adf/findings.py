"""Where everything that the reading of the definitions finds is collected, and the `%SETTING%` rule."""

import re
from collections.abc import Mapping

from functions.retraining.core.errors import Fault

# At least three characters, the first no digit: so the %20 and %C3%A4 of an encoded address are left alone.
_SETTING = r"%([A-Za-z_][A-Za-z0-9_]{2,})%"


class Unset(str):
    """A stand-in for text that is not to be had: its setting is not set, or it is at fault.

    That is recorded already. The stand-in lets everything around it be checked and described; it is never judged
    itself.
    """

    __slots__ = ()


class Findings:
    """What was found so far: faults, notices, and the settings that were asked for."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._faults: dict[Fault, None] = {}
        self._notices: dict[Fault, None] = {}
        self._settings_used: set[str] = set()
        self._vaults: dict[str, str] = {}

    def fault(self, where: str, problem: str) -> None:
        """Record what has to be put right. The same fault is recorded once."""
        self._faults[Fault(where, problem)] = None

    def notice(self, where: str, problem: str) -> None:
        """Record what is worth knowing and stops nothing."""
        self._notices[Fault(where, problem)] = None

    def setting(self, where: str, name: str) -> str:
        """One setting's value; if it is not set, or empty, that is a fault, and the answer Unset."""
        self._settings_used.add(name)
        value = self._settings.get(name)
        if not value:
            self.fault(where, f"the setting {name} is not set; add it to the app settings (or local.settings.json)")
        return value or Unset(f"%{name}%")

    def first_vault(self, setting: str, vault: str) -> str:
        """The vault of the first secret that this setting stands for: one setting cannot hold two secrets."""
        return self._vaults.setdefault(setting, vault)

    def resolve(self, where: str, text: str) -> str:
        """Replace each `%SETTING%`; one that is not set, or empty, is a fault and makes the answer Unset.

        What a setting holds is not looked through again.
        """
        values = {name: self.setting(where, name) for name in sorted(set(re.findall(_SETTING, text)))}
        if any(isinstance(value, Unset) for value in values.values()):
            return Unset(text)
        return re.sub(_SETTING, lambda match: values[match[1]], text)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """In the order of finding."""
        return tuple(self._faults)

    @property
    def notices(self) -> tuple[Fault, ...]:
        """In the order of finding."""
        return tuple(self._notices)

    @property
    def settings_used(self) -> frozenset[str]:
        """Every setting that a value names, set or not."""
        return frozenset(self._settings_used)
