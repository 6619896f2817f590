"""BES at its front door: submit, start, status, cancel, as in the published transcripts."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import requests

from devstack.azurite import Azurite
from devstack.examples import better_sample
from devstack.studio import Pace, Settings, Studio
from devstack.studio.training.ilearner import TrainedModel
from tests.devstack.studio.front_door import FrontDoor, Storage
from tests.support.waiting import wait_until

pytestmark = pytest.mark.azurite

UNKNOWN_JOB = "0" * 32


def _specific(answer: requests.Response) -> str:
    return str(answer.json()["error"]["details"][0]["code"])


def test_a_job_goes_from_submit_to_a_trained_model_as_in_the_transcript(
    front_door: FrontDoor, storage: Storage, studio: Studio, azurite: Azurite
) -> None:
    studio.set_pace(Pace.after_calls(1))
    storage.put("examples.arff", better_sample().to_arff())

    submitted = front_door.submit(storage.training("examples.arff", "out/model.ilearner"))
    assert submitted.status_code == 200
    assert re.fullmatch(r'"[0-9a-f]{32}"', submitted.text)
    job = submitted.json()
    assert front_door.status(job) == {"StatusCode": "NotStarted", "Results": None, "Details": None}
    started = front_door.bes("POST", f"/{job}/start")
    assert (started.status_code, started.content) == (204, b"")

    assert front_door.status(job) == {"StatusCode": "NotStarted", "Results": None, "Details": None}
    assert front_door.status(job) == {"StatusCode": "Running", "Results": None, "Details": None}
    finished = front_door.ended(job)

    assert finished["StatusCode"] == "Finished"
    assert finished["Details"] is None
    result = finished["Results"]["output1"]
    assert result["ConnectionString"] is None
    assert result["RelativeLocation"] == storage.path("out/model.ilearner")
    assert result["BaseLocation"] == f"{azurite.blob_endpoint}/"
    model = requests.get(result["BaseLocation"] + result["RelativeLocation"] + result["SasBlobToken"], timeout=10)
    assert TrainedModel.from_bytes(model.content).classes == ("benign", "malignant")


def test_the_results_token_reads_and_lists_the_container_for_about_a_day(
    front_door: FrontDoor, storage: Storage
) -> None:
    storage.put("examples.csv", better_sample().to_csv())
    token = front_door.ended(front_door.started(storage.training("examples.csv")))["Results"]["output1"]["SasBlobToken"]
    assert token.startswith("?")
    facts = {name: values[0] for name, values in parse_qs(token[1:]).items()}
    assert (facts["sr"], facts["sp"]) == ("c", "rl")
    lifetime = datetime.fromisoformat(facts["se"]) - datetime.now(UTC)
    assert timedelta(hours=23) < lifetime <= timedelta(hours=24)


def test_the_single_form_with_a_token_trains_too_and_hands_the_output_token_back(
    front_door: FrontDoor, storage: Storage
) -> None:
    storage.put("examples.csv", better_sample().to_csv())
    output = storage.signed("model.ilearner", permission="rcw")
    body = {"Input": {**storage.signed("examples.csv"), "ConnectionString": None}, "Outputs": {"output1": output}}

    finished = front_door.ended(front_door.started({**body, "Inputs": None, "GlobalParameters": None}))

    assert finished["Results"] == {"output1": {**output, "ConnectionString": None}}
    assert TrainedModel.from_bytes(storage.content("model.ilearner")).rows == len(better_sample().rows)


def test_a_leading_slash_in_relative_locations_is_accepted_and_not_given_back(
    front_door: FrontDoor, storage: Storage
) -> None:
    storage.put("x.csv", better_sample().to_csv())
    body = storage.training("x.csv")
    for reference in (body["Inputs"]["input1"], body["Outputs"]["output1"]):
        reference["RelativeLocation"] = "/" + reference["RelativeLocation"]
    finished = front_door.ended(front_door.started(body))
    assert finished["Results"]["output1"]["RelativeLocation"] == storage.path("model.ilearner")


def test_names_with_spaces_unicode_and_signs_are_taken_literally(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("a b/ü 100%#?+.csv", better_sample().to_csv())
    finished = front_door.ended(front_door.started(storage.training("a b/ü 100%#?+.csv", "ö #1.ilearner")))
    assert finished["StatusCode"] == "Finished", finished
    assert storage.exists("ö #1.ilearner")


def test_status_codes_are_numbers_when_switched(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.settings = Settings(status_code_as="number")
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.submitted(storage.training("x.csv"))
    assert front_door.status(job)["StatusCode"] == 0
    front_door.bes("POST", f"/{job}/start")
    assert front_door.ended(job)["StatusCode"] == 4


def test_a_job_can_be_started_only_once(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.set_pace(Pace.after_calls(1))
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.started(storage.training("x.csv"))
    refused = front_door.bes("POST", f"/{job}/start")
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "InvalidOperation"
    assert _specific(refused) == "CannotStartJob"
    front_door.ended(job)
    again = front_door.bes("POST", f"/{job}/start")
    assert "because it is in Finished state" in again.json()["error"]["details"][0]["message"]


def test_cancelling_a_submitted_job_ends_it_before_it_starts(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.submitted(storage.training("x.csv"))
    # One published client sends no api-version with DELETE.
    assert front_door.bes("DELETE", f"/{job}", params={}).status_code == 204
    assert front_door.status(job) == {"StatusCode": "Cancelled", "Results": None, "Details": None}
    assert _specific(front_door.bes("POST", f"/{job}/start")) == "CannotStartJob"
    assert not storage.exists("model.ilearner")


def test_cancelling_a_finished_job_changes_nothing(front_door: FrontDoor, storage: Storage) -> None:
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.started(storage.training("x.csv"))
    front_door.ended(job)
    assert front_door.bes("DELETE", f"/{job}").status_code == 204
    assert front_door.status(job)["StatusCode"] == "Finished"


def test_cancelling_a_running_job_kills_its_training_process(front_door: FrontDoor, storage: Storage) -> None:
    header, rows = better_sample().to_csv().split("\n", 1)
    storage.put("large.csv", header + "\n" + rows * 200)
    job = front_door.started(storage.training("large.csv"))

    def pid_at_work() -> int | None:
        (seen,) = front_door.control("GET", "/jobs").json()
        pid: int | None = seen["pid"]
        return pid

    pid = wait_until(pid_at_work, "a training process is at the job")
    assert front_door.status(job)["StatusCode"] == "Running"
    assert front_door.bes("DELETE", f"/{job}").status_code == 204
    assert front_door.status(job)["StatusCode"] == "Cancelled"
    wait_until(lambda: not _is_alive(int(pid or 0)), "the training process has ended")
    assert not storage.exists("model.ilearner")
    # And the next job finds a process of its own.
    storage.put("x.csv", better_sample().to_csv())
    assert front_door.ended(front_door.started(storage.training("x.csv")))["StatusCode"] == "Finished"


def test_jobs_wait_in_line_first_in_first_out(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.settings = Settings(concurrent_jobs=1)
    storage.put("x.csv", better_sample().to_csv())
    studio.set_pace(Pace.after_calls(0).from_wire({"running": {"calls": 1}}))
    first = front_door.started(storage.training("x.csv", "first.ilearner"))
    second = front_door.started(storage.training("x.csv", "second.ilearner"))
    assert front_door.status(second)["StatusCode"] == "NotStarted"
    assert front_door.ended(first)["StatusCode"] == "Finished"
    assert not storage.exists("second.ilearner")
    assert front_door.ended(second)["StatusCode"] == "Finished"


def test_a_pace_in_seconds_goes_on_without_being_asked(front_door: FrontDoor, storage: Storage, studio: Studio) -> None:
    studio.set_pace(Pace.after_seconds(0.15))
    storage.put("x.csv", better_sample().to_csv())
    job = front_door.started(storage.training("x.csv"))
    assert front_door.status(job)["StatusCode"] == "NotStarted"
    wait_until(lambda: storage.exists("model.ilearner"), "the model is written though nobody asks for the job")
    assert front_door.ended(job)["StatusCode"] == "Finished"


@pytest.mark.parametrize(("method", "path"), [("POST", "/start"), ("GET", ""), ("DELETE", "")])
def test_an_unknown_job_is_not_found(front_door: FrontDoor, method: str, path: str) -> None:
    answer = front_door.bes(method, f"/{UNKNOWN_JOB}{path}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NotFound"
    assert _specific(answer) == "JobNotFound"


def _is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - a zombie has ended too, and only its state says so
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
