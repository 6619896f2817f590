"""How the studio behaves where the real service was seen to differ, or was never seen: one switch each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self

from devstack.studio.pace import Pace
from devstack.studio.resource_manager.settings import ResourceManagerSettings
from devstack.studio.taking_effect import NEVER

_LONGEST_TOKEN: Final = 86_400


@dataclass(frozen=True, slots=True)
class Settings:
    """The switches and their defaults.

    `status_code_as`: `text` as the service's own swagger has it, `number` as older replies had it.
    `patch_status`: what a successful PATCH of an endpoint answers; no source says which.
    `patch_takes_effect_after_gets`: how many GETs still show the old model, at either kind of scoring service; NEVER
    (-1): a PATCH that is accepted and changes nothing, as users saw it.
    `concurrent_jobs`: how many jobs run at a time; the others wait in line.
    `token_lifetime`: how long a token is good, in seconds.
    `resource_manager`: the switches of the Resource Manager kind.
    """

    pace: Pace = field(default_factory=Pace)
    status_code_as: Literal["text", "number"] = "text"
    patch_status: Literal[200, 204] = 200
    patch_takes_effect_after_gets: int = 0
    concurrent_jobs: int = 2
    token_lifetime: int = 3599
    resource_manager: ResourceManagerSettings = field(default_factory=ResourceManagerSettings)

    def __post_init__(self) -> None:
        _expect(self.status_code_as in ("text", "number"), "status_code_as is text or number")
        _expect(self.patch_status in (200, 204), "patch_status is 200 or 204")
        _expect(self.patch_takes_effect_after_gets >= NEVER, "patch_takes_effect_after_gets is -1 or more")
        _expect(self.concurrent_jobs >= 1, "concurrent_jobs is 1 or more")
        whole_seconds = isinstance(self.token_lifetime, int)
        _expect(whole_seconds and 1 <= self.token_lifetime <= _LONGEST_TOKEN, "token_lifetime is 1 to 86400 seconds")

    def changed(self, wire: Mapping[str, Any]) -> Self:
        """These settings with some of them changed; raises TypeError or ValueError for what cannot be."""
        changes = dict(wire)
        if "pace" in changes:
            changes["pace"] = Pace.from_wire(changes["pace"])
        if "resource_manager" in changes:
            changes["resource_manager"] = self.resource_manager.changed(changes["resource_manager"])
        return replace(self, **changes)

    def to_wire(self) -> dict[str, Any]:
        """The form `changed` reads."""
        return {
            "pace": self.pace.to_wire(),
            "status_code_as": self.status_code_as,
            "patch_status": self.patch_status,
            "patch_takes_effect_after_gets": self.patch_takes_effect_after_gets,
            "concurrent_jobs": self.concurrent_jobs,
            "token_lifetime": self.token_lifetime,
            "resource_manager": self.resource_manager.to_wire(),
        }


def _expect(holds: object, rule: str) -> None:
    if not holds:
        raise ValueError(rule)
