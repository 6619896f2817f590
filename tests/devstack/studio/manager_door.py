"""The Resource Manager and the token endpoints as a client sees them: plain HTTPS calls."""
# ruff: noqa: ANN401 - options and bodies are whatever requests takes

from dataclasses import replace
from typing import Any

import requests

from devstack.studio import ResourceManagerSettings, Studio
from tests.devstack.studio.front_door import FrontDoor, Storage, Wire
from tests.support.waiting import wait_until

MANAGEMENT = "https://management.azure.com"


class ManagerDoor:
    """Calls with a token of the service principal that has a role, unless told otherwise."""

    def __init__(self, door: FrontDoor) -> None:
        self.studio = door.studio
        self._door = door
        self.url = door.studio.arm_update_resource_endpoint
        self.token = self.issued()

    def credentials(self, **changes: str) -> dict[str, str]:
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.studio.service_principal_id,
            "client_secret": self.studio.service_principal_key,
        }
        return fields | changes

    def ask_v2(self, tenant: str = "", **changes: str) -> requests.Response:
        fields = self.credentials(scope=f"{MANAGEMENT}/.default") | changes
        return self._ask(f"{tenant or self.studio.tenant}/oauth2/v2.0/token", fields)

    def ask_v1(self, tenant: str = "", **changes: str) -> requests.Response:
        fields = self.credentials(resource=f"{MANAGEMENT}/") | changes
        return self._ask(f"{tenant or self.studio.tenant}/oauth2/token", fields)

    def issued(self, **changes: str) -> str:
        answer = self.ask_v2(**changes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def issued_without_role(self) -> str:
        studio = self.studio
        return self.issued(
            client_id=studio.service_principal_without_role_id, client_secret=studio.service_principal_without_role_key
        )

    def call(self, method: str, url: str = "", *, token: str | None = None, **options: Any) -> requests.Response:
        return self._door.call(method, url or self.url, key=self.token if token is None else token, **options)

    def shown(self) -> Wire:
        answer = self.call("GET")
        assert answer.status_code == 200, answer.text
        body: Wire = answer.json()
        return body

    def model_uri(self) -> str:
        return str(self.shown()["properties"]["assets"]["asset3"]["locationInfo"]["uri"])

    def patch_model(self, uri: str, credentials: str = "", **options: Any) -> requests.Response:
        """Copy the definition's assets, change the one location, and send them all back."""
        shown = self.shown()
        assets = shown["properties"]["assets"]
        assets["asset3"]["locationInfo"] = {"uri": uri, "credentials": credentials}
        return self.patch({"assets": assets}, **options)

    def patch(self, properties: Wire, **options: Any) -> requests.Response:
        body = {"location": "South Central US", "properties": {"packageType": "Graph", **properties}}
        return self.call("PATCH", json=body, **options)

    def ended(self, patched: requests.Response) -> Wire:
        """Ask for the operation of an accepted PATCH until it has ended."""
        assert patched.status_code == 200, patched.text
        url = patched.headers["Azure-AsyncOperation"]

        def last() -> Wire | None:
            status: Wire = self.call("GET", url).json()
            return status if status.get("endTime") else None

        ended = wait_until(last, "the update has ended")
        assert ended is not None
        return ended

    def _ask(self, path: str, fields: dict[str, str]) -> requests.Response:
        return self._door.call("POST", f"{self.studio.authority}/{path}", data=fields)


def switch(studio: Studio, **switches: Any) -> None:
    """Set these switches of the Resource Manager kind, and all others of it as they are by default."""
    studio.settings = replace(studio.settings, resource_manager=ResourceManagerSettings(**switches))


def signed_uri(storage: Storage, name: str, **options: Any) -> str:
    """A blob's uri with a SAS in its query."""
    wire = storage.signed(name, **options)
    return f"{plain_uri(storage, name)}{wire['SasBlobToken']}"


def plain_uri(storage: Storage, name: str) -> str:
    """A blob's uri with nothing to read it by."""
    return str(storage.container.get_blob_client(name).url).partition("?")[0]


def error(answer: requests.Response) -> tuple[int, str]:
    """Status and `error.code`: of the Resource Manager, or the class of its provider's."""
    return answer.status_code, answer.json()["error"]["code"]


def detail(answer: requests.Response) -> tuple[int, str]:
    """Status and the provider's specific code."""
    return answer.status_code, answer.json()["error"]["details"][0]["code"]
