"""The resource group that the studio's web service of the newer kind lies in, and the updates made there."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass, field

from devstack.studio.faults import Fault
from devstack.studio.resource_manager.assets import UnreadableModel
from devstack.studio.resource_manager.operation import Operation, OperationError
from devstack.studio.resource_manager.patch_request import WebServicePatch
from devstack.studio.resource_manager.refusals import bad_argument, busy
from devstack.studio.resource_manager.settings import ResourceManagerSettings
from devstack.studio.resource_manager.web_service import ArmWebService, IncompleteGraph


@dataclass
class ResourceGroup:
    """One resource group of one subscription, with one web service."""

    subscription_id: str
    name: str
    web_service: ArmWebService
    _signing_key: str = field(repr=False)
    _operations: dict[str, Operation] = field(default_factory=dict)
    _signed: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The resource group's own path."""
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{self.name}"

    @property
    def web_service_id(self) -> str:
        """The web service's own path."""
        return f"{self.id}/providers/Microsoft.MachineLearning/webServices/{self.web_service.name}"

    def update(
        self, patch: WebServicePatch, settings: ResourceManagerSettings, *, after_gets: int, fails: Fault | None
    ) -> Operation:
        """Set out to change the web service. Raises ProviderRefusal: an update is under way, or the model is bad."""
        service = self.web_service
        if settings.model_check == "at_once":
            self._check_at_once(patch, settings)
        if not service.set_out():
            raise busy(service.name)

        def carry_out() -> OperationError | None:
            error = _injected(fails) if fails else self._carry_out(patch, settings, after_gets)
            service.settle(succeeded=error is None)
            return error

        operation = Operation(str(uuid.uuid4()), settings.update_takes, carry_out)
        self._operations[operation.id] = operation
        if settings.operation_url == "signed":
            self._signed.add(operation.id)
        operation.begin()
        return operation

    def operation(self, number: str) -> Operation | None:
        """The update of this id."""
        return self._operations.get(number.lower())

    def under_way(self) -> list[Operation]:
        """The updates that have not ended."""
        return [operation for operation in self._operations.values() if operation.ended_at is None]

    def signature(self, operation: Operation) -> str:
        """What the operation's URL carries as `s`; empty if it needs none."""
        if operation.id not in self._signed:
            return ""
        return hmac.digest(self._signing_key.encode(), operation.id.encode(), hashlib.sha256).hex()

    def clear(self) -> None:
        """No update shall be carried out any more."""
        for operation in self._operations.values():
            operation.give_up()

    def _check_at_once(self, patch: WebServicePatch, settings: ResourceManagerSettings) -> None:
        try:
            self.web_service.check_models(self.web_service.coming_assets(patch, settings.assets))
        except IncompleteGraph as error:
            raise bad_argument("ModuleAssetNotFound", str(error)) from error
        except UnreadableModel as error:
            raise bad_argument("InvalidAssetLocation", str(error)) from error

    def _carry_out(
        self, patch: WebServicePatch, settings: ResourceManagerSettings, after_gets: int
    ) -> OperationError | None:
        service = self.web_service
        try:
            assets = service.coming_assets(patch, settings.assets)
            service.check_models(assets)
        except IncompleteGraph as error:
            return OperationError("ModuleAssetNotFound", str(error))
        except UnreadableModel as error:
            return OperationError("InvalidAssetLocation", str(error))
        service.change(patch, assets, after_gets=after_gets)
        return None


def _injected(fault: Fault) -> OperationError:
    return OperationError(fault.code, fault.message)
