"""What stops the host from starting, said by name; and where settings come from. No storage needed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.process import TriggerHost
from tests.devstack.trigger_host.apps import AppFolder
from tests.support.waiting import wait_until

NO_STORAGE = {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}

UNSUPPORTED = """
STORAGE = "AzureWebJobsStorage"


@app.blob_trigger(arg_name="blob", path="c/{name}", connection=STORAGE, source="Elsewhere")
def by_other_source(blob: BlobReference) -> None: ...


@app.blob_trigger(arg_name="blob", path="c/{name}", connection=STORAGE)
def by_content(blob: func.InputStream) -> None: ...


@app.blob_trigger(arg_name="blob", path="c/{name}", connection="Missing")
def no_connection(blob: BlobReference) -> None: ...


@app.blob_trigger(arg_name="blob", path="c/{name}", connection="Identity")
def by_identity(blob: BlobReference) -> None: ...


@app.blob_trigger(arg_name="blob", path="c/{name}", connection="Malformed")
def malformed(blob: BlobReference) -> None: ...


@app.blob_trigger(arg_name="blob", path="%NOWHERE%/{name}", connection=STORAGE)
def no_setting(blob: BlobReference) -> None: ...


@app.blob_trigger(arg_name="blob", path="c/{rand-guid}", connection=STORAGE)
def odd_path(blob: BlobReference) -> None: ...


@app.queue_trigger(arg_name="message", queue_name="not_a_queue", connection=STORAGE)
def queued(message: func.QueueMessage) -> None: ...


@app.queue_trigger(arg_name="message", queue_name="work", connection="Missing")
def queued_elsewhere(message: func.QueueMessage) -> None: ...


@app.timer_trigger(arg_name="timer", schedule="every minute")
def odd_schedule(timer: func.TimerRequest) -> None: ...


@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:01")
@app.timer_trigger(arg_name="timer", schedule="0 * * * * *")
def retried(timer: func.TimerRequest) -> None: ...


@app.timer_trigger(arg_name="timer", schedule="0 * * * * *")
@app.queue_output(arg_name="out", queue_name="work", connection=STORAGE)
def writes(timer: func.TimerRequest, out: func.Out[str]) -> None: ...


@app.route(route="runs/{id:int}")
def odd_route(req: func.HttpRequest) -> func.HttpResponse: ...


@app.route(route="fine")
def fine(req: func.HttpRequest) -> func.HttpResponse: ...
"""


@pytest.fixture(scope="module")
def refusal(tmp_path_factory: pytest.TempPathFactory) -> str:
    app = AppFolder(tmp_path_factory.mktemp("unsupported"), UNSUPPORTED)
    more = {"Identity__blobServiceUri": "https://x", "Malformed": "AccountKey=c2VjcmV0"}
    with pytest.raises(TriggerHostError) as refused:
        TriggerHost.start(app.root, {**NO_STORAGE, **app.settings, **more}, app.state)
    return str(refused.value)


@pytest.mark.parametrize(
    "said",
    [
        "function 'by_other_source', blobTrigger 'blob': the source 'Elsewhere' is neither 'LogsAndContainerScan'",
        "function 'by_content', blobTrigger 'blob': the parameter takes the blob's content",
        "function 'no_connection', blobTrigger 'blob': the connection setting 'Missing' is not set",
        "function 'by_identity', blobTrigger 'blob': the connection 'Identity' is identity-based",
        "function 'malformed', blobTrigger 'blob': the setting 'Malformed' is no connection string",
        "function 'no_setting', blobTrigger 'blob', path: the setting 'NOWHERE' in '%NOWHERE%/{name}' is not set",
        "function 'odd_path', blobTrigger 'blob': {rand-guid} in the path 'c/{rand-guid}' is not supported",
        "function 'queued', queueTrigger 'message': 'not_a_queue' is no queue name",
        "function 'queued_elsewhere', queueTrigger 'message': the connection setting 'Missing' is not set",
        "function 'odd_schedule', timerTrigger 'timer': the schedule 'every minute' is not NCRONTAB",
        "function 'retried', timerTrigger 'timer': a retry policy (@app.retry) is not supported",
        "function 'writes', queue 'out': this binding is not supported",
        "function 'odd_route', httpTrigger 'req': '{id:int}' in the route 'runs/{id:int}' is not supported",
    ],
)
def test_everything_the_host_cannot_serve_is_named_at_once(refusal: str, said: str) -> None:
    assert said in refusal


def test_what_can_be_served_is_not_complained_about_and_no_secret_is_shown(refusal: str) -> None:
    assert refusal.count("\n- function") == 13
    assert "'fine'" not in refusal
    assert "c2VjcmV0" not in refusal
    assert "Traceback" not in refusal


def test_an_import_error_of_the_app_is_reported_with_its_traceback(tmp_path: Path) -> None:
    app = AppFolder(tmp_path, "import not_installed_here\n")
    with pytest.raises(TriggerHostError) as refused:
        TriggerHost.start(app.root, {**NO_STORAGE, **app.settings}, app.state)
    said = str(refused.value)
    assert "function_app.py" in said
    assert "cannot be loaded: ModuleNotFoundError: No module named 'not_installed_here'" in said
    assert f'File "{app.root}/function_app.py"' in said
    assert said.count("import not_installed_here") == 1


def test_a_folder_without_functions_is_said_to_have_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(TriggerHostError, match=r"There is no function_app\.py in"):
        TriggerHost.start(empty, NO_STORAGE, tmp_path / "state")
    app = AppFolder(tmp_path, "")
    with pytest.raises(TriggerHostError, match="declares no functions"):
        TriggerHost.start(app.root, NO_STORAGE, tmp_path / "state")


def test_a_host_without_storage_setting_says_so(tmp_path: Path) -> None:
    app = AppFolder(tmp_path, '\n\n@app.route(route="a")\ndef a(req: func.HttpRequest) -> str:\n    return ""\n')
    with pytest.raises(TriggerHostError, match="the connection setting 'AzureWebJobsStorage' is not set"):
        TriggerHost.start(app.root, {"AzureWebJobsStorage": ""}, app.state)


SLOW_ROUTE = """
@app.route(route="%ROUTE%/%TAIL%", auth_level=func.AuthLevel.ANONYMOUS)
def slow(req: func.HttpRequest) -> str:
    note(os.environ["ROUTE"], os.environ["TAIL"])
    if req.params.get("wait"):
        await_file("never")
    return "done"
"""


def test_the_command_reads_local_settings_under_the_environment_and_abandons_what_will_not_end(tmp_path: Path) -> None:
    app = AppFolder(tmp_path, SLOW_ROUTE)
    values = {**NO_STORAGE, "ROUTE": "from-file", "TAIL": "tail-of-file"}
    (app.root / "local.settings.json").write_text(json.dumps({"IsEncrypted": False, "Values": values}), "utf-8")
    ready_file, log_path = tmp_path / "ready.json", tmp_path / "log"
    command = [sys.executable, "-m", "devstack.trigger_host", "--root", str(app.root), "--port", "0"]
    options = ["--stop-seconds", "0.2", "--ready-file", str(ready_file)]
    with log_path.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # this interpreter, fixed arguments
            [*command, *options],
            env={**os.environ, **app.settings, "ROUTE": "from-environment"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(ready_file.exists, "the host is ready")
        ready = json.loads(ready_file.read_text("utf-8"))
        assert (ready["pid"], ready["functions"]) == (process.pid, ["slow"])
        assert set(ready["keys"]) == {"function", "master", "blobs_extension"}
        url = f"{ready['url']}/api/from-environment/tail-of-file"
        assert requests.get(url, timeout=10).text == "done"
        with pytest.raises(requests.Timeout):
            requests.get(f"{url}?wait=1", timeout=0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 1
    finally:
        process.kill()
        process.wait()
    said = log_path.read_text("utf-8")
    assert "a stand-in for Azure Functions Core Tools ('func start')" in said
    assert "slow: httpTrigger" in said
    assert "Still running after 0.2 s, and abandoned." in said
    assert app.seen == [["from-environment", "tail-of-file"]] * 2
    assert not ready_file.exists()
