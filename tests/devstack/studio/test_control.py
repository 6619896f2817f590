"""The controls: what was seen, what shall go wrong, how fast, and back to the start. By HTTP and from Python."""

import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest
import requests

from devstack.examples import better_sample
from devstack.studio import Fault, FaultKind, Hold, Pace, Settings, Studio
from tests.devstack.studio.front_door import FrontDoor, Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

SUBMIT = "bes.submit"


@pytest.fixture
def job(front_door: FrontDoor, storage: Storage) -> str:
    storage.put("x.csv", better_sample().to_csv())
    return front_door.submitted(storage.training("x.csv"))


def test_health_answers(front_door: FrontDoor) -> None:
    assert front_door.control("GET", "/health").json() == {"status": "healthy"}


def test_requests_are_seen_in_order_and_can_be_chosen_and_forgotten(front_door: FrontDoor, job: str) -> None:
    front_door.bes("POST", f"/{job}/start")
    front_door.manage("GET", key="wrong")
    seen = front_door.control("GET", "/requests").json()
    assert [(s["route"], s["method"], s["status"]) for s in seen] == [
        ("bes.submit", "POST", 200),
        ("bes.start", "POST", 204),
        ("management.get_endpoint", "GET", 401),
    ]
    assert seen[1]["path"].endswith(f"/jobs/{job}/start")
    assert seen[0]["query"] == {"api-version": "2.0"}
    assert [s["route"] for s in front_door.control("GET", "/requests?route=bes.start").json()] == ["bes.start"]
    assert [s["status"] for s in front_door.control("GET", "/requests?method=get").json()] == [401]
    assert front_door.control("DELETE", "/requests").status_code == 204
    assert front_door.control("GET", "/requests").json() == []


def test_no_secret_is_in_what_was_seen(front_door: FrontDoor, studio: Studio, storage: Storage, job: str) -> None:
    storage.put("m.ilearner", b"")
    front_door.patch(storage.signed("m.ilearner"))
    front_door.bes("GET", f"/{job}", params={"api-version": "2.0", "sig": "signature-in-query"})
    everything = front_door.control("GET", "/requests").text + repr(studio.requests)
    assert storage.path("x.csv") in everything
    for secret in ("AccountKey", "sig=", "signature-in-query", studio.training_api_key, studio.scoring_api_key):
        assert secret not in everything


def test_a_caller_who_dies_in_the_middle_of_a_request_is_no_error_of_the_studio(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    url = urlsplit(studio.training_endpoint_url)
    trusting = ssl.create_default_context(cafile=str(studio.ca_bundle))
    with (
        socket.create_connection((url.hostname, url.port)) as plain,
        trusting.wrap_socket(plain, server_hostname=url.hostname) as connection,
    ):
        head = f"POST {url.path} HTTP/1.1\r\nHost: {url.hostname}\r\nAuthorization: Bearer {studio.training_api_key}"
        connection.sendall(f'{head}\r\nContent-Length: 99\r\n\r\n{{"Input'.encode())
    wait_until(lambda: bool(studio.requests), "the request is seen")
    assert [(seen.route, seen.body) for seen in studio.requests] == [(SUBMIT, "cut off by the caller")]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault(FaultKind.HTTP_ERROR, SUBMIT), 503, ("ServiceUnavailable", "RequestThrottled")),
        (Fault(FaultKind.HTTP_ERROR, SUBMIT, status=500, code="UnknownError"), 500, ("InternalError", "UnknownError")),
        (
            Fault(FaultKind.HTTP_ERROR, SUBMIT, status=504, code="BackendScoreTimeout"),
            504,
            ("GatewayTimeout", "BackendScoreTimeout"),
        ),
        (Fault(FaultKind.HTTP_ERROR, SUBMIT, status=429, code="Own"), 429, ("Http429", "Own")),
    ],
)
def test_an_injected_error_is_answered_once_and_the_call_is_not_carried_out(
    front_door: FrontDoor, studio: Studio, storage: Storage, fault: Fault, status: int, code: tuple[str, str]
) -> None:
    storage.put("x.csv", "a,b\n1,x\n2,y\n")
    studio.inject(fault)
    answer = front_door.submit(storage.training("x.csv"))
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["code"], error["details"][0]["code"]) == code
    assert "Retry-After" not in answer.headers
    assert front_door.control("GET", "/jobs").json() == []
    assert front_door.submit(storage.training("x.csv")).status_code == 200


def test_a_fault_can_skip_calls_repeat_and_carry_retry_after(front_door: FrontDoor, job: str) -> None:
    fault = {"kind": "http_error", "route": "bes.status", "skip": 1, "count": 2, "retry_after": 7}
    assert front_door.control("POST", "/faults", json=fault).status_code == 204
    assert [f["route"] for f in front_door.control("GET", "/faults").json()] == ["bes.status"]
    answers = [front_door.bes("GET", f"/{job}") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert [answer.headers.get("Retry-After") for answer in answers] == [None, "7", "7", None]
    assert front_door.control("GET", "/faults").json() == []


def test_faults_can_be_taken_back(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.HTTP_ERROR, "*"))
    assert front_door.control("DELETE", "/faults").status_code == 204
    assert front_door.bes("GET", f"/{job}").status_code == 200


def test_garbage_is_an_html_page_with_any_status(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.GARBAGE, "bes.status"))
    studio.inject(Fault(FaultKind.GARBAGE, "bes.status", status=502))
    answers = [front_door.bes("GET", f"/{job}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 502]
    assert all(answer.text.startswith("<html>") for answer in answers)


def test_truncated_json_looks_whole_to_the_transport(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.TRUNCATED, "bes.status"))
    answer = front_door.bes("GET", f"/{job}")
    assert answer.status_code == 200
    assert answer.text.startswith('{"StatusCode"')
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_slow_answer_is_late_but_right(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.SLOW, "bes.status", seconds=0.3))
    begun = time.monotonic()
    assert front_door.status(job)["StatusCode"] == "NotStarted"
    assert time.monotonic() - begun >= 0.3


def test_ten_megabytes_of_junk_come_after_the_call_was_carried_out(
    front_door: FrontDoor, studio: Studio, job: str
) -> None:
    studio.inject(Fault(FaultKind.JUNK, "bes.start"))
    answer = front_door.bes("POST", f"/{job}/start")
    assert (answer.status_code, len(answer.content) >= 10_000_000) == (200, True)
    assert front_door.bes("POST", f"/{job}/start").status_code == 400, "it was started"


def test_an_answer_can_come_byte_by_byte_its_head_too(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.DRIP, "bes.status", seconds=0.001))
    begun = time.monotonic()
    assert front_door.status(job)["StatusCode"] == "NotStarted"
    assert time.monotonic() - begun >= 0.1, "a hundred bytes at least"


@pytest.mark.parametrize(
    ("kind", "jobs"),
    [(FaultKind.LOST_REQUEST, 0), (FaultKind.LOST_REPLY, 1), (FaultKind.RESET, 1)],
)
def test_a_broken_connection_leaves_the_caller_in_doubt(
    front_door: FrontDoor, studio: Studio, storage: Storage, kind: FaultKind, jobs: int
) -> None:
    storage.put("x.csv", "a,b\n1,x\n2,y\n")
    studio.inject(Fault(kind, SUBMIT))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        front_door.submit(storage.training("x.csv"))
    assert len(front_door.control("GET", "/jobs").json()) == jobs
    (seen,) = studio.requests_to(SUBMIT)
    assert (seen.fault, seen.status) == (kind, 200 if kind is FaultKind.RESET else 0)


def test_a_job_can_be_made_to_fail_with_given_details(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.JOB_FAILS, details="Module 'Train Model' exited with error 0000."))
    front_door.bes("POST", f"/{job}/start")
    assert front_door.ended(job) == {
        "StatusCode": "Failed",
        "Results": None,
        "Details": "Module 'Train Model' exited with error 0000.",
    }


def test_a_job_can_be_made_to_stay_not_started_for_ever(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.JOB_STALLS))
    assert front_door.bes("POST", f"/{job}/start").status_code == 204
    assert {front_door.status(job)["StatusCode"] for _ in range(5)} == {"NotStarted"}
    assert front_door.bes("DELETE", f"/{job}").status_code == 204
    assert front_door.status(job)["StatusCode"] == "Cancelled"


def test_a_job_can_vanish(front_door: FrontDoor, studio: Studio, job: str) -> None:
    studio.inject(Fault(FaultKind.JOB_VANISHES))
    assert [front_door.bes("GET", f"/{job}").status_code for _ in range(2)] == [404, 404]


def test_an_expired_token_in_results_is_fresh_again_with_the_next_status_call(
    front_door: FrontDoor, studio: Studio, job: str
) -> None:
    studio.inject(Fault(FaultKind.EXPIRED_SAS))
    front_door.bes("POST", f"/{job}/start")
    expired = front_door.ended(job)["Results"]["output1"]
    fresh = front_door.status(job)["Results"]["output1"]
    assert front_door.patch(expired).status_code == 400
    assert front_door.patch(fresh).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http_error", "route": "bes.sbumit"},
        {"kind": "http_error"},
        {"kind": "nonsense", "route": "bes.submit"},
        {"kind": "job_fails", "route": "bes.submit"},
        {"kind": "slow", "route": "bes.submit", "count": 0},
        {"kind": "slow", "route": "bes.submit", "colour": "red"},
        [],
    ],
)
def test_a_fault_that_cannot_strike_is_refused(front_door: FrontDoor, fault: object) -> None:
    answer = front_door.control("POST", "/faults", json=fault)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "ControlRefused"
    assert front_door.control("GET", "/faults").json() == []


def test_settings_can_be_changed_one_by_one(front_door: FrontDoor, studio: Studio) -> None:
    before = front_door.control("GET", "/settings").json()
    change = {"patch_status": 204, "pace": {"queued": {"calls": 2}, "running": {"seconds": 1.5}}}
    after = front_door.control("PATCH", "/settings", json=change).json()
    assert after == {
        **before,
        "patch_status": 204,
        "pace": {"queued": {"calls": 2, "seconds": 0.0}, "running": {"calls": 0, "seconds": 1.5}},
    }
    assert studio.settings == Settings(pace=Pace(Hold(calls=2), Hold(seconds=1.5)), patch_status=204)


@pytest.mark.parametrize(
    "change",
    [
        {"patch_status": 500},
        {"status_code_as": "words"},
        {"pace": {"queued": {"calls": -1}}},
        {"concurrent_jobs": 0},
        {"colour": "red"},
    ],
)
def test_settings_that_make_no_sense_are_refused(front_door: FrontDoor, change: dict[str, object]) -> None:
    before = front_door.control("GET", "/settings").json()
    assert front_door.control("PATCH", "/settings", json=change).status_code == 400
    assert front_door.control("GET", "/settings").json() == before


def test_reset_brings_everything_back_to_the_start(
    front_door: FrontDoor, studio: Studio, storage: Storage, job: str
) -> None:
    storage.put("m.ilearner", b"")
    front_door.patch(storage.signed("m.ilearner"))
    studio.settings = Settings(patch_status=204)
    studio.inject(Fault(FaultKind.HTTP_ERROR, "*"))
    key = studio.training_api_key

    assert front_door.control("POST", "/reset").status_code == 204

    assert studio.requests == []
    assert studio.settings == Settings()
    assert studio.training_api_key == key
    assert front_door.bes("GET", f"/{job}").status_code == 404
    assert front_door.deployed() == ""


def test_publish_and_models_by_http(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    body = {"examples": {"text": "a,b\n1,x\n2,y\n", "name": "x.csv"}, "model": storage.keyed("m.ilearner")}
    published = front_door.control("POST", "/publish", json=body)
    assert published.status_code == 200, published.text
    assert published.json()["rows"] == 2
    models = front_door.control("GET", "/models").json()
    assert {m["relative_location"] for m in models} == {storage.path("m.ilearner")}
    assert models == studio.models()
    assert front_door.control("POST", "/publish", json={}).status_code == 400


def test_a_queued_job_is_shown_with_its_process_once_it_runs(
    front_door: FrontDoor, studio: Studio, storage: Storage
) -> None:
    studio.set_pace(Pace.after_calls(1))
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.started(storage.training("x.csv"))
    assert front_door.control("GET", "/jobs").json() == [
        {"id": job, "status": "NotStarted", "details": None, "pid": None}
    ]
    wait_until(lambda: front_door.status(job)["StatusCode"] == "Finished", "the job has finished")
