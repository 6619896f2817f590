"""The studio as a process of its own, its certificate, and its route table in the documentation."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from devstack.studio import Keys, Studio
from devstack.studio.__main__ import main
from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]


def test_it_serves_in_a_process_of_its_own_until_it_is_told_to_stop(tmp_path: Path) -> None:
    keys = tmp_path / "given.json"
    keys.write_text(json.dumps({"training": "given-key"}))
    command = [sys.executable, "-m", "devstack.studio", "--folder", str(tmp_path / "state"), "--keys", str(keys)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        assert "given-key" not in json.dumps(addresses)
        assert json.loads(Path(addresses["keys_file"]).read_text())["training"] == "given-key"
        session = requests.Session()
        session.trust_env = False
        with session:
            url, ca = addresses["training_endpoint_url"] + "?api-version=2.0", addresses["ca_bundle"]
            answer = session.post(url, headers={"Authorization": "Bearer given-key"}, verify=ca, timeout=10)
        assert answer.json()["error"]["details"][0]["code"] == "RequestIsEmpty"
        os.kill(addresses["pid"], signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_taken_port_and_strange_keys_are_one_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            assert main(["--folder", str(tmp_path), "--port", str(taken.getsockname()[1])]) == 2
        (tmp_path / "strange.json").write_text('{"colour": "red"}')
        assert main(["--folder", str(tmp_path), "--keys", str(tmp_path / "strange.json")]) == 2
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    first, second = capsys.readouterr().err.splitlines()
    assert "the studio cannot start" in first
    assert "Address already in use" in first
    assert "colour" in second


def test_clients_trust_it_through_its_own_certificate_only(one_studio: Studio) -> None:
    with requests.Session() as session:
        session.trust_env = False
        health = f"{one_studio.url}/_control/health"
        assert session.get(health, verify=str(one_studio.ca_bundle), timeout=10).ok
        by_name = health.replace("127.0.0.1", "localhost")
        assert session.get(by_name, verify=str(one_studio.ca_bundle), timeout=10).ok
        with pytest.raises(requests.exceptions.SSLError):
            session.get(health, timeout=10)


def test_the_keys_file_is_its_owners_alone_and_keys_stay_out_of_repr(one_studio: Studio) -> None:
    path = one_studio.folder / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = Keys.read(path)
    assert keys.training == one_studio.training_api_key
    assert keys.training not in repr(keys)
    assert keys.scoring not in repr(one_studio._cloud.workspace)


def test_the_addresses_are_the_same_after_a_restart_on_the_same_port(tmp_path: Path) -> None:
    with Studio.start(tmp_path) as first:
        port, addresses = int(first.url.rsplit(":", 1)[1]), first.addresses()
    with Studio.start(tmp_path, port=port) as second:
        assert second.addresses() == addresses


def test_stopping_ends_every_training_process(tmp_path: Path) -> None:
    with Studio.start(tmp_path) as studio:
        workers = studio._cloud.workers
        workers.warm()
        (worker,) = workers._idle
        assert worker.is_alive
    wait_until(lambda: not worker.is_alive, "the training process has ended")


def test_the_documentation_shows_every_route_with_its_standing(one_studio: Studio) -> None:
    text = (ROOT / "docs" / "wire" / "studio.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (\w+) \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert [tuple(row) for row in rows] == [
        (fact.name, fact.method, fact.rule, fact.standing, fact.source) for fact in one_studio.routes()
    ]
