"""One web service of the Resource Manager kind: its definition, its keys, and the update that is under way."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from devstack.studio.blob_reference import BlobReference
from devstack.studio.resource_manager.assets import (
    Assets,
    UnreadableModel,
    changed_assets,
    check_readable,
    model_location,
    model_reference,
)
from devstack.studio.resource_manager.definition import MODEL_ASSET
from devstack.studio.resource_manager.patch_request import WebServicePatch
from devstack.studio.taking_effect import TakingEffect
from devstack.studio.workspace import NOWHERE

Definition = dict[str, Any]


class IncompleteGraph(ValueError):
    """The assets that a PATCH leaves lack one that the graph needs."""


@dataclass
class ArmWebService:
    """A web service and what it consists of. `id` is that in its execution URL, `name` that in its resource's."""

    id: str
    name: str
    location: str
    primary_key: str = field(repr=False)
    secondary_key: str = field(repr=False)
    definition: TakingEffect[Definition] = field(repr=False)
    provisioning_state: str = "Succeeded"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accepts(self, key: str) -> bool:
        """Whether this is one of its keys."""
        return key in (self.primary_key, self.secondary_key)

    @property
    def is_read_only(self) -> bool:
        """Whether its own definition refuses changes."""
        return bool(self.definition.now["readOnly"])

    @property
    def model(self) -> BlobReference:
        """The trained model it scores with; NOWHERE before the first. Raises UnreadableModel for what is no blob."""
        location = self.definition.now["assets"][MODEL_ASSET]["locationInfo"]
        return model_reference(location) if location["uri"] else NOWHERE

    def set_out(self) -> bool:
        """Begin an update; False if there is one already."""
        with self._lock:
            free = self.provisioning_state != "Provisioning"
            self.provisioning_state = "Provisioning"
            return free

    def settle(self, *, succeeded: bool) -> None:
        """The update has ended."""
        with self._lock:
            self.provisioning_state = "Succeeded" if succeeded else "Failed"

    def coming_assets(self, patch: WebServicePatch, how: str) -> Assets:
        """The assets it would have with this PATCH: `merge` or `replace`. Raises IncompleteGraph."""
        current = self.definition.now
        assets = changed_assets(current["assets"], patch.assets, how) if patch.assets else current["assets"]
        graph = patch.properties.get("package", current["package"])
        needed = {node["assetId"] for node in graph["nodes"].values() if "assetId" in node}
        missing = ", ".join(sorted(needed - set(assets)))
        if missing:
            raise IncompleteGraph(f"The graph refers to assets that the definition lacks: {missing}.")
        return assets

    def check_models(self, assets: Assets) -> None:
        """Raises UnreadableModel unless every model that these assets move to can be read now."""
        check_readable(assets, self.definition.now["assets"])

    def change(self, patch: WebServicePatch, assets: Assets, *, after_gets: int) -> None:
        """Make the changes: at once, only after so many GETs, or NEVER."""
        self.primary_key = patch.keys.get("primary", self.primary_key)
        self.secondary_key = patch.keys.get("secondary", self.secondary_key)
        changes = {**patch.properties, "assets": assets, "modifiedOn": _now()}
        self.definition.change({**self.definition.now, **changes}, after_gets=after_gets)

    def point_to(self, model: BlobReference) -> None:
        """Score with this model from now on: how the first one is put live."""
        assets = self.definition.now["assets"]
        asset = {**assets[MODEL_ASSET], "locationInfo": model_location(model)}
        self.change(WebServicePatch(), {**assets, MODEL_ASSET: asset}, after_gets=0)

    def model_place(self) -> dict[str, str]:
        """Where its model lies, without credentials; empty texts if it has none or one that is no blob."""
        try:
            model = self.model
            base = model.account_url
        except UnreadableModel:
            return {"base_location": "", "relative_location": ""}
        return {"base_location": base, "relative_location": model.relative_location}


def _now() -> str:
    # Seven digits of a second's fraction, as the recorded answers have them.
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
