"""Models loaded from where an endpoint's resource points, kept as long as the blob stays the same."""

import threading
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError

from devstack.studio.blob_reference import BlobReference
from devstack.studio.errors import Refusal

if TYPE_CHECKING:
    from devstack.studio.training.ilearner import TrainedModel


class ModelCache:
    """The last model of each location, by the blob's ETag."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[str, tuple[str, TrainedModel]] = {}

    def load(self, location: BlobReference) -> "TrainedModel":
        """The model at a location. Raises Refusal: ModelPackageNotFound, or ModelPackageInvalid for no .ilearner."""
        if not location.relative_location:
            raise Refusal("ModelPackageNotFound")
        address = location.base_location + location.relative_location
        try:
            etag = location.etag()
            known = self._models.get(address)
            if known and known[0] == etag:
                return known[1]
            with location.client() as client:
                content = client.download_blob().readall()
        except AzureError as error:
            raise Refusal("ModelPackageNotFound") from error
        return self._keep(address, etag, content)

    def _keep(self, address: str, etag: str, content: bytes) -> "TrainedModel":
        # Loaded late: scikit-learn takes over a second, and a studio that scores nothing needs none of it.
        from devstack.studio.training.faults import TrainingFault  # noqa: PLC0415
        from devstack.studio.training.ilearner import TrainedModel  # noqa: PLC0415

        with self._lock:
            try:
                model = TrainedModel.from_bytes(content)
            except TrainingFault as fault:
                raise Refusal("ModelPackageInvalid", str(fault)) from fault
            self._models[address] = (etag, model)
            return model
