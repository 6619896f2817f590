"""Where everything of one studio is, and the keys for it: what a client is configured with."""

import os
from pathlib import Path
from typing import Any

from devstack.studio.cloud import Cloud
from devstack.studio.provisioning import RESOURCE_NAME, UPDATABLE_ENDPOINT
from devstack.studio.resource_manager.provisioning import execution_path
from devstack.studio.workspace import Endpoint, WebService


class Addresses:
    """The addresses and keys of a studio that serves at `url` (without a trailing slash).

    Named after the linked services' properties that they are for.
    """

    def __init__(self, url: str, folder: Path, ca_bundle: Path, cloud: Cloud) -> None:
        self.url, self.folder, self.ca_bundle = url, folder, ca_bundle
        self._cloud = cloud

    @property
    def training_endpoint_url(self) -> str:
        """`mlEndpoint` of the training linked service: the batch execution URL, ending with /jobs."""
        _service, endpoint = self._training
        return f"{self._execution_url(endpoint)}/jobs"

    @property
    def training_api_key(self) -> str:
        """`apiKey` of the training linked service."""
        return self._training[1].primary_key

    @property
    def scoring_endpoint_url(self) -> str:
        """`mlEndpoint` of the scoring linked service (its updatable endpoint), ending with /jobs."""
        return f"{self._execution_url(self._scoring[1])}/jobs"

    @property
    def scoring_execute_url(self) -> str:
        """Where the updatable endpoint scores rows, without the query."""
        return f"{self._execution_url(self._scoring[1])}/execute"

    @property
    def scoring_api_key(self) -> str:
        """`apiKey` of the scoring linked service; it opens the management of its endpoint too."""
        return self._scoring[1].primary_key

    @property
    def update_resource_endpoint(self) -> str:
        """`updateResourceEndpoint` of the scoring linked service."""
        service, endpoint = self._scoring
        home = f"{self.url}/workspaces/{self._cloud.workspace.id}"
        return f"{home}/webservices/{service.id}/endpoints/{endpoint.name}"

    @property
    def arm_update_resource_endpoint(self) -> str:
        """`updateResourceEndpoint` of the article's other scoring linked service, of the Resource Manager kind."""
        return f"{self.url}{self._cloud.resource_group.web_service_id}?api-version=2016-05-01-preview"

    @property
    def arm_scoring_endpoint_url(self) -> str:
        """`mlEndpoint` of that linked service, ending with /jobs; nothing answers there: no scoring in batches."""
        return f"{self._arm_execution_url}/jobs"

    @property
    def arm_scoring_execute_url(self) -> str:
        """Where the web service of the Resource Manager kind scores rows, without the query."""
        return f"{self._arm_execution_url}/execute"

    @property
    def arm_scoring_api_key(self) -> str:
        """`apiKey` of that linked service: scoring takes it, the Resource Manager does not."""
        return self._cloud.resource_group.web_service.primary_key

    @property
    def authority(self) -> str:
        """Where tokens are issued: azure-identity's `authority`."""
        return self.url

    @property
    def tenant(self) -> str:
        """`tenant` of that linked service, by name; `tenant_id` is the same by GUID."""
        return self._cloud.directory.tenant_name

    @property
    def tenant_id(self) -> str:
        """The tenant's GUID."""
        return self._cloud.directory.tenant_id

    @property
    def service_principal_id(self) -> str:
        """`servicePrincipalId`: a service principal with a role on the resource group."""
        return self._cloud.directory.principals[0].client_id

    @property
    def service_principal_key(self) -> str:
        """`servicePrincipalKey`: its secret, with characters that a form has to encode."""
        return self._cloud.directory.principals[0].secret

    @property
    def service_principal_without_role_id(self) -> str:
        """A service principal that gets tokens, and 403 for them."""
        return self._cloud.directory.principals[1].client_id

    @property
    def service_principal_without_role_key(self) -> str:
        """Its secret."""
        return self._cloud.directory.principals[1].secret

    @property
    def workspace_token(self) -> str:
        """The key that opens the management of every endpoint."""
        return self._cloud.workspace.token

    @property
    def resource_name(self) -> str:
        """The trained model's name at the updatable endpoint."""
        return RESOURCE_NAME

    def addresses(self) -> dict[str, Any]:
        """What a caller in another process needs, without the keys: they are in `keys_file`."""
        return {
            "url": self.url,
            "pid": os.getpid(),
            "ca_bundle": str(self.ca_bundle),
            "keys_file": str(self.folder / "keys.json"),
            "training_endpoint_url": self.training_endpoint_url,
            "scoring_endpoint_url": self.scoring_endpoint_url,
            "scoring_execute_url": self.scoring_execute_url,
            "update_resource_endpoint": self.update_resource_endpoint,
            "updatable_endpoint": UPDATABLE_ENDPOINT,
            "arm_update_resource_endpoint": self.arm_update_resource_endpoint,
            "arm_scoring_endpoint_url": self.arm_scoring_endpoint_url,
            "arm_scoring_execute_url": self.arm_scoring_execute_url,
            "authority": self.authority,
            "tenant": self.tenant,
            "tenant_id": self.tenant_id,
            "service_principal_id": self.service_principal_id,
            "resource_name": RESOURCE_NAME,
        }

    @property
    def _training(self) -> tuple[WebService, Endpoint]:
        service = next(service for service in self._cloud.workspace.services if service.trains)
        return service, service.endpoints[0]

    @property
    def _scoring(self) -> tuple[WebService, Endpoint]:
        service = next(service for service in self._cloud.workspace.services if not service.trains)
        endpoint = service.endpoint(UPDATABLE_ENDPOINT)
        if endpoint is None:
            raise LookupError(f"the workspace has no endpoint {UPDATABLE_ENDPOINT!r}")
        return service, endpoint

    @property
    def _arm_execution_url(self) -> str:
        group = self._cloud.resource_group
        return f"{self.url}{execution_path(group.subscription_id, group.web_service.id)}"

    def _execution_url(self, endpoint: Endpoint) -> str:
        return f"{self.url}/workspaces/{self._cloud.workspace.id}/services/{endpoint.id}"
