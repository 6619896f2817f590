"""What the host sees of the app: its functions' bindings, and how little it takes to load them."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from devstack.places import ROOT

BINDINGS = """
import json
from function_app import app
print(json.dumps({f.get_function_name(): json.loads(f.get_function_json())["bindings"] for f in app.get_functions()}))
"""
INDEX = """
import asyncio, json, pathlib, sys
from devstack.trigger_host.worker import Worker
worker = asyncio.run(Worker.start(pathlib.Path(sys.argv[1])))
print(json.dumps({f.name: list(f.bindings) for f in worker.functions}))
worker.stop()
"""
HEAVY = ("azure.storage.blob", "azure.identity", "azure.core", "requests", "msgspec", "functions.retraining")
LOADED = f"""
import json, sys
import function_app
print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""

EXAMPLE_TRIGGER = {
    "direction": "IN",
    "type": "blobTrigger",
    "name": "blob",
    "path": "%LABELED_EXAMPLES_CONTAINER%/{name}",
    "connection": "TrainingStorage",
    "source": "LogsAndContainerScan",
}
MODEL_TRIGGER = EXAMPLE_TRIGGER | {"path": "%TRAINED_MODELS_CONTAINER%/{name}.ilearner"}
POISON_TRIGGER = {
    "direction": "IN",
    "type": "queueTrigger",
    "name": "message",
    "queueName": "webjobs-blobtrigger-poison",
    "connection": "TrainingStorage",
}
TIMER = {"direction": "IN", "type": "timerTrigger", "name": "timer"}


def test_every_function_has_the_bindings_that_the_host_is_meant_to_see_without_any_setting() -> None:
    assert _printed_by(BINDINGS) == {
        "start_retraining": [EXAMPLE_TRIGGER],
        "poll_runs": [TIMER | {"schedule": "%POLL_SCHEDULE%"}],
        "update_scoring": [MODEL_TRIGGER],
        "sweep_examples": [TIMER | {"schedule": "%SWEEP_SCHEDULE%"}],
        "record_poison": [POISON_TRIGGER],
    }


@pytest.mark.parametrize(
    ("setting", "source"),
    [
        ("EventGrid", "EventGrid"),
        ("LogsAndContainerScan", "LogsAndContainerScan"),
        ("", "LogsAndContainerScan"),
        ("no such source", "LogsAndContainerScan"),
    ],
)
def test_one_setting_chooses_where_both_blob_triggers_listen(setting: str, source: str) -> None:
    bindings = _printed_by(BINDINGS, BLOB_TRIGGER_SOURCE=setting)

    sources = {name: trigger["source"] for name, (trigger,) in bindings.items() if trigger["type"] == "blobTrigger"}
    assert sources == {"start_retraining": source, "update_scoring": source}


def test_loading_the_app_loads_neither_clients_nor_workflows() -> None:
    assert _printed_by(LOADED) == []


def test_the_real_workers_index_sends_addresses_not_contents() -> None:
    index = _printed_by(INDEX)

    assert sorted(index) == ["poll_runs", "record_poison", "start_retraining", "sweep_examples", "update_scoring"]
    for name in ("start_retraining", "update_scoring"):
        (trigger,) = index[name]
        assert trigger["type"] == "blobTrigger"
        assert trigger["properties"]["SupportsDeferredBinding"] is True


def _printed_by(script: str, **settings: str) -> Any:  # noqa: ANN401 - the JSON that the script prints
    """Run it in an interpreter of its own, in an environment without a single app setting."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    ran = subprocess.run(  # noqa: S603 - this interpreter, and a script from above
        [sys.executable, "-W", "ignore", "-c", script, str(ROOT)],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])
