"""What one ordinary run costs: its requests to the services and to storage, beside the budget.

    python -m benchmarks.operations

Runs the app in this process against Azurite and the local studio. The second run is the one that counts: the first
also makes the app's containers, once for ever.
"""

import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.storage_requests import LIST, CountedStorage, beside_lists
from devstack.examples import better_sample
from devstack.places import ROOT
from devstack.stack import Stack
from devstack.studio_calls import StudioCalls
from devstack.uploading import make_containers, upload
from functions.retraining import settings as app_settings
from functions.retraining.bootstrap import Relearner, build

STORAGE_BUDGET = 12
"""Storage requests of one run beside Lists; docs/architecture.md, section 4."""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="relearner-operations-") as folder, Stack.start(Path(folder)) as stack:
        os.environ["REQUESTS_CA_BUNDLE"] = stack.settings["REQUESTS_CA_BUNDLE"]
        with CountedStorage(stack.azurite.connection_string) as counted:
            parts = counted.parts_of_app(app_settings.read(stack.settings, []))
            app = build(stack.settings, ROOT, **parts)
            make_containers(stack.azurite.connection_string, ("labeledexamples", "trainingoutput"))
            for title in ("first run", "second run"):
                _one_run(app, stack, counted, title)


def _one_run(app: Relearner, stack: Stack, counted: CountedStorage, title: str) -> None:
    pipeline = next(iter(app.app.pipelines.values())).pipeline
    content = better_sample().to_arff().encode()
    version = upload(app.app, stack.azurite.connection_string, pipeline.labeled_examples, "", content)
    counted.requests.taken()
    stack.studio.clear_requests()
    app.start_retraining(version.container, version.name)
    _await_job(StudioCalls.of(stack.settings))
    app.poll_runs()
    _tell(title, counted.requests.taken(), [seen.route for seen in stack.studio.requests])


def _await_job(studio: StudioCalls) -> None:
    while "Running" in studio.job_statuses().values():
        time.sleep(0.02)


def _tell(title: str, storage: Counter[str], services: list[str]) -> None:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(storage.items()) if kind != LIST)
    print(f"{title}, with one tick:")
    print(f"  services  {len(services)}: {', '.join(services)}")
    print(f"  storage   {beside_lists(storage)} (budget: {STORAGE_BUDGET}) and {storage[LIST]} List: {kinds}")


if __name__ == "__main__":
    main()
