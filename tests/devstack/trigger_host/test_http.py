"""HTTP routes: matching, keys, what a function is given and what becomes of its answer. No storage needed."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.process import TriggerHost
from tests.devstack.trigger_host.apps import AppFolder

ROUTES = """
@app.route(route="open", auth_level=func.AuthLevel.ANONYMOUS, methods=["GET"])
def open_to_all(req: func.HttpRequest) -> str:
    return "open"


@app.route(route="runs/{id}", auth_level=func.AuthLevel.FUNCTION, methods=["GET", "POST"])
def run(req: func.HttpRequest) -> func.HttpResponse:
    told = {"method": req.method, "id": req.route_params["id"], "params": dict(req.params),
            "header": req.headers.get("X-Custom"), "body": req.get_body().hex(), "url": req.url}
    return func.HttpResponse(json.dumps(told), status_code=201, mimetype="application/json", headers={"X-Run": "7"})


@app.route(route="runs/latest", auth_level=func.AuthLevel.FUNCTION, methods=["GET"])
async def latest(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("latest")


@app.route(route="files/{*path}", auth_level=func.AuthLevel.ANONYMOUS)
def file(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(req.route_params["path"])


@app.route(route="secret", auth_level=func.AuthLevel.ADMIN)
def secret(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(b"\\x00\\xff", mimetype="application/octet-stream")


@app.route(route="broken", auth_level=func.AuthLevel.ANONYMOUS)
def broken(req: func.HttpRequest) -> func.HttpResponse:
    raise RuntimeError("cannot answer this")


@app.route(route="off", auth_level=func.AuthLevel.ANONYMOUS)
def switched_off(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("on")
"""
NO_STORAGE = {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> AppFolder:
    return AppFolder(tmp_path_factory.mktemp("http"), ROUTES)


@pytest.fixture(scope="module")
def host(app: AppFolder) -> Iterator[TriggerHost]:
    settings = {**NO_STORAGE, **app.settings, "AzureWebJobs.switched_off.Disabled": "true"}
    with TriggerHost.start(app.root, settings, app.state) as running:
        yield running


def _get(host: TriggerHost, path: str, key: str = "") -> requests.Response:
    return requests.get(f"{host.url}{path}", headers={"x-functions-key": key}, timeout=10)


def test_an_anonymous_route_answers_anyone(host: TriggerHost) -> None:
    answer = _get(host, "/api/open")
    assert (answer.status_code, answer.text) == (200, "open")
    assert _get(host, "/API/Open").text == "open"


def test_a_function_route_wants_the_function_key_in_header_or_query(host: TriggerHost) -> None:
    assert _get(host, "/api/runs/1").status_code == 401
    assert _get(host, "/api/runs/1", "wrong").status_code == 401
    assert _get(host, "/api/runs/1?code=wrong").status_code == 401
    assert _get(host, "/api/runs/1", host.function_key).status_code == 201
    assert _get(host, "/api/runs/1", host.master_key).status_code == 201
    assert requests.get(f"{host.url}/api/runs/1?code={host.function_key}", timeout=10).status_code == 201


def test_an_admin_route_wants_the_master_key(host: TriggerHost) -> None:
    assert _get(host, "/api/secret", host.function_key).status_code == 401
    assert _get(host, "/api/secret", host.master_key).content == b"\x00\xff"


def test_a_function_is_given_method_parameters_query_headers_and_body(host: TriggerHost) -> None:
    answer = requests.post(
        f"{host.url}/api/runs/a%20b%2Fc-%C3%A4?q=1&q=2&empty=",
        data=b"\x00raw",
        headers={"x-functions-key": host.function_key, "X-Custom": "yes"},
        timeout=10,
    )
    told = answer.json()
    assert (answer.status_code, answer.headers["X-Run"]) == (201, "7")
    assert answer.headers["Content-Type"] == "application/json"
    assert told.pop("url").startswith(f"{host.url}/api/runs/")
    assert told == {
        "method": "POST",
        "id": "a b%2Fc-ä",
        "params": {"q": "1,2", "empty": ""},
        "header": "yes",
        "body": b"\x00raw".hex(),
    }


def test_a_literal_route_wins_over_a_parameter_and_a_catch_all_takes_the_rest(host: TriggerHost) -> None:
    assert _get(host, "/api/runs/latest", host.function_key).text == "latest"
    assert _get(host, "/api/files/2026/11/a%20b.csv").text == "2026/11/a b.csv"


def test_no_such_path_or_method_is_not_found(host: TriggerHost) -> None:
    for path in ("/", "/open", "/api/none", "/api/runs", "/api/runs/1/2"):
        assert _get(host, path, host.master_key).status_code == 404
    assert requests.put(f"{host.url}/api/open", timeout=10).status_code == 404


def test_a_failing_function_answers_500_and_says_why_only_in_the_log(host: TriggerHost) -> None:
    answer = _get(host, "/api/broken")
    assert (answer.status_code, answer.content) == (500, b"")
    assert "RuntimeError: cannot answer this" in host.log


def test_a_function_disabled_by_setting_is_not_served(host: TriggerHost) -> None:
    assert _get(host, "/api/off").status_code == 404
    assert "switched_off" not in host.functions


def test_the_admin_status_says_running_to_the_master_key(host: TriggerHost) -> None:
    assert _get(host, "/admin/host/status").status_code == 401
    assert _get(host, "/admin/host/status", host.function_key).status_code == 401
    status = _get(host, "/admin/host/status", host.master_key).json()
    assert (status["state"], status["id"]) == ("Running", host.host_id)
    assert _get(host, "/admin/other", host.master_key).status_code == 404


def test_no_key_is_ever_logged_and_the_kept_keys_are_private(app: AppFolder, host: TriggerHost) -> None:
    _get(host, f"/api/runs/1?code={host.function_key}")
    assert "GET /api/runs/1)" in host.log
    for key in (host.function_key, host.master_key):
        assert key not in host.log
    kept = list(app.state.glob("*.json"))
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept if host.master_key in file.read_text()} == {0o600}


def test_the_route_prefix_and_the_keys_can_be_given(tmp_path: Path) -> None:
    app = AppFolder(tmp_path, ROUTES, host_json={"extensions": {"http": {"routePrefix": ""}}})
    given = {"TRIGGER_HOST_FUNCTION_KEY": "the function key", "TRIGGER_HOST_MASTER_KEY": "the master key"}
    with TriggerHost.start(app.root, {**NO_STORAGE, **app.settings, **given}, app.state) as host:
        assert (host.function_key, host.master_key) == tuple(given.values())
        assert _get(host, "/open").text == "open"
        assert _get(host, "/runs/latest", "the function key").text == "latest"
        assert _get(host, "/api/open").status_code == 404
        port = int(host.url.rpartition(":")[2])
        with pytest.raises(TriggerHostError, match=rf"Port {port} on 127\.0\.0\.1 is taken"):
            TriggerHost.start(app.root, {**NO_STORAGE, **app.settings}, tmp_path / "other", port=port)
