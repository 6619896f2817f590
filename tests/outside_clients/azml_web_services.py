"""azmlclient, unmodified, against a studio: scores rows, trains by batch execution; prints what it saw as JSON.

Run as a process of its own, told by an environment variable where to go. Its last release is of 2021, so three things
around it are made as they were then:
- its package's `__init__` is not executed: it imports the layer of configuration files, which needs `distutils`;
  the layer that talks to the services does not;
- pandas gets the name `Series.iteritems` back, which is `items` now;
- azure-storage-blob gets the name `BlockBlobService` back: BatchClient asks whether it is there, and uses it only to
  carry tables, which nobody does here.
"""

import importlib
import importlib.util
import json
import os
import sys
import time
import types
from typing import Any, Final

import azure.storage.blob
import pandas as pd

_BETWEEN_POLLS: Final = 0.1  # seconds


def _azmlclient() -> Any:  # noqa: ANN401 - it publishes no types
    spec = importlib.util.find_spec("azmlclient")
    if spec is None:
        raise SystemExit("azmlclient is not installed")
    package = types.ModuleType("azmlclient")
    package.__path__ = list(spec.submodule_search_locations or [])
    sys.modules["azmlclient"] = package
    azure.storage.blob.BlockBlobService = object  # type: ignore[attr-defined] # that is the point
    pd.Series.iteritems = pd.Series.items
    return importlib.import_module("azmlclient.base")


def _score(base: Any, *, url: str, key: str, as_swagger: bool) -> list[list[str]]:  # noqa: ANN401 - as above
    rows = pd.DataFrame({"size": ["1", "2.6"], "colour": ["red", "blue"]})
    outputs = base.execute_rr(key, url, {"input1": rows}, output_names=["output1"], use_swagger_format=as_swagger)
    scored: list[list[str]] = outputs["output1"].astype(str).to_numpy().tolist()
    return scored


def _train(base: Any, *, url: str, key: str, inputs: Any, outputs: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    client = base.BatchClient()
    body = client.create_request_body(inputs, {}, outputs)
    job = client.execute_batch_createJob(url, key, body)
    client.execute_batch_startJob(url, key, job)
    results = None
    while results is None:
        time.sleep(_BETWEEN_POLLS)
        results = client.read_status_or_result(client.execute_batch_getJobStatusOrResult(url, key, job))
    client.execute_batch_deleteJob(url, key, job)
    return {"job": job, "results": results}


def _refused(call: Any) -> str:  # noqa: ANN401 - as above
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> None:
    """Call every service once and print one line of JSON."""
    told = json.loads(os.environ["TOLD"])
    base = _azmlclient()
    seen: dict[str, Any] = {
        name: _score(base, **service, as_swagger=as_swagger)
        for name, service in told["scoring"].items()
        for as_swagger in [name.endswith("swagger")]
    }
    seen["training"] = _train(base, **told["training"])
    seen["failing"] = _refused(lambda: _train(base, **told["failing"]))
    seen["wrong key"] = _refused(lambda: _train(base, **{**told["training"], "key": "wrong"}))
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main()
