"""The studio as a client sees it: plain HTTPS calls, and blobs in Azurite."""
# ruff: noqa: ANN401 - options and bodies are whatever requests takes

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from azure.storage.blob import BlobSasPermissions, ContainerClient, generate_blob_sas

from devstack.studio import BlobReference, Studio
from tests.support.waiting import wait_until

TIMEOUT = 20.0
VERSION = {"api-version": "2.0"}
Wire = dict[str, Any]


class FrontDoor:
    """Calls as the published clients make them, with the right key and api-version unless told otherwise."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._session = requests.Session()
        self._session.verify = str(studio.ca_bundle)
        # Else a REQUESTS_CA_BUNDLE of the machine would win over the line above.
        self._session.trust_env = False

    def close(self) -> None:
        self._session.close()

    def call(self, method: str, url: str, *, key: str = "", **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return self._session.request(method, url, headers=headers, timeout=TIMEOUT, **options)

    def bes(self, method: str, path: str = "", *, key: str | None = None, **options: Any) -> requests.Response:
        key = self.studio.training_api_key if key is None else key
        options = {"params": VERSION, **options}
        return self.call(method, self.studio.training_endpoint_url + path, key=key, **options)

    def submit(self, body: Any, **options: Any) -> requests.Response:
        return self.bes("POST", json=body, **options)

    def submitted(self, body: Any) -> str:
        answer = self.submit(body)
        assert answer.status_code == 200, answer.text
        return str(answer.json())

    def started(self, body: Any) -> str:
        job = self.submitted(body)
        answer = self.bes("POST", f"/{job}/start")
        assert answer.status_code == 204, answer.text
        return job

    def status(self, job: str) -> Wire:
        answer = self.bes("GET", f"/{job}")
        assert answer.status_code == 200, answer.text
        body: Wire = answer.json()
        return body

    def ended(self, job: str) -> Wire:
        def last_status() -> Wire | None:
            status = self.status(job)
            return status if status["StatusCode"] in ("Finished", "Failed", "Cancelled", 2, 3, 4) else None

        status = wait_until(last_status, f"job {job} has ended")
        assert status is not None
        return status

    def manage(self, method: str, url: str = "", *, key: str | None = None, **options: Any) -> requests.Response:
        key = self.studio.scoring_api_key if key is None else key
        return self.call(method, url or self.studio.update_resource_endpoint, key=key, **options)

    def patch(self, location: Wire, name: str = "", **options: Any) -> requests.Response:
        entry = {"Name": name or self.studio.resource_name, "Location": location}
        return self.manage("PATCH", json={"Resources": [entry]}, **options)

    def deployed(self) -> str:
        answer = self.manage("GET")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["Resources"][0]["Location"]["RelativeLocation"])

    def score(self, body: Any, **params: str) -> requests.Response:
        params = params or {"details": "true"}
        url, key = self.studio.scoring_execute_url, self.studio.scoring_api_key
        return self.call("POST", url, key=key, json=body, params={**VERSION, **params})

    def control(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.call(method, f"{self.studio.url}/_control{path}", **options)


@dataclass(frozen=True)
class Storage:
    """A container of the test's own, and the references a caller makes to its blobs."""

    connection_string: str
    container: ContainerClient

    def put(self, name: str, text: str | bytes) -> str:
        self.container.upload_blob(name, text, overwrite=True)
        return self.path(name)

    def path(self, name: str) -> str:
        return f"{self.container.container_name}/{name}"

    def keyed(self, name: str) -> Wire:
        return {"ConnectionString": self.connection_string, "RelativeLocation": self.path(name)}

    def reference(self, name: str) -> BlobReference:
        return BlobReference.from_wire(self.keyed(name))

    def signed(self, name: str, *, permission: str = "r", expires_in: timedelta = timedelta(hours=1)) -> Wire:
        token = generate_blob_sas(
            str(self.container.account_name),
            self.container.container_name,
            name,
            account_key=self.container.credential.account_key,
            permission=BlobSasPermissions.from_string(permission),
            expiry=datetime.now(UTC) + expires_in,
        )
        base = str(self.container.url).removesuffix(self.container.container_name)
        return {"BaseLocation": base, "RelativeLocation": self.path(name), "SasBlobToken": f"?{token}"}

    def training(self, examples: str, model: str = "model.ilearner", **more: Wire) -> Wire:
        """A submit body in the multi form with keyed references."""
        return {
            "Inputs": {"input1": self.keyed(examples)},
            "Outputs": {"output1": self.keyed(model), **more},
            "GlobalParameters": {},
        }

    def content(self, name: str) -> bytes:
        return bytes(self.container.get_blob_client(name).download_blob().readall())

    def exists(self, name: str) -> bool:
        return bool(self.container.get_blob_client(name).exists())
