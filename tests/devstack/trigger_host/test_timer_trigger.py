"""Timers: when they run, what they are told, and what is recorded."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from devstack.trigger_host.process import TriggerHost
from tests.devstack.trigger_host.apps import AppFolder
from tests.devstack.trigger_host.conftest import Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

TIMER = """
@app.timer_trigger(arg_name="timer", schedule="%SCHEDULE%")
def tick(timer: func.TimerRequest) -> None:
    note(timer.past_due, timer.schedule_status, timer.schedule)
"""
YEARLY = "0 0 0 1 1 *"


def _status_path(host: TriggerHost) -> str:
    return f"timers/{host.host_id}/Host.Functions.tick/status"


def _record(storage: Storage, path: str, **times: str) -> None:
    storage.host_blobs().upload_blob(path, json.dumps(times).encode(), overwrite=True)


def test_a_timer_runs_by_its_schedule_and_its_runs_never_overlap(tmp_path: Path, storage: Storage) -> None:
    door = """
@app.timer_trigger(arg_name="timer", schedule="* * * * * *")
def tick(timer: func.TimerRequest) -> None:
    note("begin", timer.past_due)
    time.sleep(1.2)
    note("end", None)
"""
    app = AppFolder(tmp_path, door)
    with TriggerHost.start(app.root, {**storage.settings, **app.settings}, app.state) as host:
        wait_until(lambda: len(app.seen) >= 3, "the second run begins")
        host.kill()
        # More often than each minute: not monitored, as in the real host.
        assert storage.host_json(_status_path(host)) is None
    assert app.seen == [["begin", False], ["end", None], ["begin", False]]


def test_a_timer_that_never_ran_records_when_it_is_due_and_does_not_run(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, TIMER)
    settings = {**storage.settings, **app.settings, "SCHEDULE": YEARLY}
    with TriggerHost.start(app.root, settings, app.state) as host:
        wait_until(lambda: storage.host_json(_status_path(host)), "the status is recorded")
        status = storage.host_json(_status_path(host)) or {}
        next_year = datetime.now(UTC).year + 1
        assert status["Last"].startswith("0001-01-01T00:00:00")
        assert datetime.fromisoformat(status["Next"]) == datetime(next_year, 1, 1, tzinfo=UTC)
    assert app.seen == []


def test_a_missed_tick_is_made_up_for_once_at_the_next_start(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, TIMER)
    settings = {**storage.settings, **app.settings, "SCHEDULE": YEARLY}
    with TriggerHost.start(app.root, settings, app.state) as host:
        path = _status_path(host)
        wait_until(lambda: storage.host_json(path), "the status is recorded")
    recorded = {"Last": "2023-01-01T00:00:00.5+00:00", "Next": "2024-01-01T00:00:00+00:00"}
    _record(storage, path, **recorded, LastUpdated=recorded["Last"])
    began = datetime.now(UTC)
    with TriggerHost.start(app.root, settings, app.state):
        wait_until(lambda: app.seen, "the past-due run")
        past_due, status, schedule = app.seen[0]
        assert past_due is True
        assert datetime.fromisoformat(status["Next"]) == datetime(2024, 1, 1, tzinfo=UTC)
        assert set(status) == {"Last", "Next", "LastUpdated"}
        assert schedule == {"AdjustForDST": True}
        wait_until(lambda: (storage.host_json(path) or {}).get("Last") != recorded["Last"], "the run is recorded")
    written = storage.host_json(path) or {}
    assert timedelta(0) <= datetime.fromisoformat(written["Last"]) - began < timedelta(seconds=30)
    assert written["Next"].startswith(f"{began.year + 1}-01-01T00:00:00")
    with TriggerHost.start(app.root, settings, app.state) as host:
        # Several missed ticks are one run: after it, nothing is past due any more.
        _run_by_hand(host)
        wait_until(lambda: len(app.seen) == 2, "the run by hand")
    assert [note[0] for note in app.seen] == [True, False]


def test_a_tick_missed_under_another_schedule_is_not_made_up_for(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, TIMER)
    settings = {**storage.settings, **app.settings, "SCHEDULE": YEARLY}
    with TriggerHost.start(app.root, settings, app.state) as host:
        path = _status_path(host)
        wait_until(lambda: storage.host_json(path), "the status is recorded")
    last = "2023-01-01T00:00:00+00:00"
    _record(storage, path, Last=last, Next="2023-01-01T01:00:00+00:00", LastUpdated=last)
    with TriggerHost.start(app.root, settings, app.state) as host:
        _run_by_hand(host)
        wait_until(lambda: app.seen, "the run by hand")
    assert [note[0] for note in app.seen] == [False]


def test_run_on_startup_runs_once_at_the_start(tmp_path: Path, storage: Storage) -> None:
    eager = TIMER.replace('schedule="%SCHEDULE%"', 'schedule="%SCHEDULE%", run_on_startup=True')
    app = AppFolder(tmp_path, eager)
    with TriggerHost.start(app.root, {**storage.settings, **app.settings, "SCHEDULE": YEARLY}, app.state):
        wait_until(lambda: app.seen, "the run at startup")
    assert [note[0] for note in app.seen] == [False]


def test_a_timer_can_be_run_by_hand_with_the_master_key_only(tmp_path: Path, storage: Storage) -> None:
    app = AppFolder(tmp_path, TIMER)
    settings = {**storage.settings, **app.settings, "SCHEDULE": YEARLY}
    with TriggerHost.start(app.root, settings, app.state) as host:
        url = f"{host.url}/admin/functions/tick"
        for key in ("", "wrong", host.function_key):
            assert requests.post(url, headers={"x-functions-key": key}, timeout=10).status_code == 401
        unknown = requests.post(f"{url}s", headers={"x-functions-key": host.master_key}, timeout=10)
        assert unknown.status_code == 404
        _run_by_hand(host)
        wait_until(lambda: app.seen, "the run by hand")
    assert [note[0] for note in app.seen] == [False]


def _run_by_hand(host: TriggerHost) -> None:
    headers = {"x-functions-key": host.master_key}
    answer = requests.post(f"{host.url}/admin/functions/tick", json={}, headers=headers, timeout=10)
    assert answer.status_code == 202
