"""How the Resource Manager kind behaves where no source says, or sources disagree: one switch each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, Self

from devstack.studio.pace import Hold

_CHOICES: Final[Mapping[str, tuple[str, str]]] = {
    "assets": ("merge", "replace"),
    "model_check": ("when_carried_out", "at_once"),
    "operation_url": ("plain", "signed"),
    "operation_state_as": ("status", "provisioningState"),
    "operation_error_as": ("error", "errorInfo"),
    "payloads": ("inline", "by_location"),
    "asset_uri_as": ("given", "without_query"),
}
_ONE_CALL: Final = Hold(calls=1)


@dataclass(frozen=True, slots=True)
class ResourceManagerSettings:
    """The switches and their defaults.

    `update_takes`: how many calls (of the operation or the web service) still show `Provisioning`, and how long.
    `assets`: whether a PATCH's assets are merged into those there, or replace them all.
    `model_check`: when a model that cannot be read is noticed: by the operation (it fails) or by the PATCH (400).
    `operation_url`: `signed` adds `&t=..&c=..&s=..`, without which the operation cannot be asked for.
    `operation_state_as`: `status` as it was recorded, `provisioningState` as the specification has it.
    `operation_error_as`: `error` as the Resource Manager's guidelines have it, `errorInfo` as the specification.
    `payloads`: `by_location` as for definitions over 3 MB: GET has a `payloadsLocation` and no assets.
    `read_only`: the web service takes no PATCH.
    `asset_uri_as`: whether GET shows an asset's uri with its query or without.
    """

    update_takes: Hold = _ONE_CALL
    assets: Literal["merge", "replace"] = "merge"
    model_check: Literal["when_carried_out", "at_once"] = "when_carried_out"
    operation_url: Literal["plain", "signed"] = "plain"
    operation_state_as: Literal["status", "provisioningState"] = "status"
    operation_error_as: Literal["error", "errorInfo"] = "error"
    payloads: Literal["inline", "by_location"] = "inline"
    read_only: bool = False
    asset_uri_as: Literal["given", "without_query"] = "given"

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is {' or '.join(choices)}")
        if not isinstance(self.read_only, bool):
            raise TypeError("read_only is true or false")

    def changed(self, wire: Mapping[str, Any]) -> Self:
        """These settings with some of them changed; raises TypeError or ValueError for what cannot be."""
        changes = dict(wire)
        if "update_takes" in changes:
            changes["update_takes"] = Hold(**changes["update_takes"])
        return replace(self, **changes)

    def to_wire(self) -> dict[str, Any]:
        """The form `changed` reads."""
        return asdict(self)
