"""What goes over the wire: exact requests, and what each answer leads to. Real sockets, real TLS."""

import json

import pytest

from functions.retraining.azureml.batch_execution import ClassicBatchExecution
from functions.retraining.azureml.scoring_classic import ClassicScoringService
from functions.retraining.core.errors import NotFound, OutcomeUnknown, PermanentError, TransientError
from functions.retraining.core.observed import JobStatus

from .made_up import API_KEY, CONNECTION_STRING, INPUTS, MODEL, SAS, TRAINED_MODEL_NAME, UPLOADED
from .recorded import recorded
from .web_server import Script, Seen, WebServer, reply

JOBS = "/workspaces/W/services/E/jobs"
JOB = "da9bf623a63c452c975c9d79d21c5ef8"
ENDPOINT = "/workspaces/W/webservices/S/endpoints/endpoint2"


def sample(name: str) -> Script:
    answer = recorded(name)
    return reply(answer.status, answer.body, **dict(answer.headers.items()))


def only(web: WebServer) -> Seen:
    (request,) = web.requests
    assert request.headers["authorization"] == f"Bearer {API_KEY}"
    assert request.headers["user-agent"].startswith("azsdk-python-relearner")
    assert request.headers["x-ms-client-request-id"]
    return request


def test_submit_posts_the_job_once_and_returns_its_id(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("submit/registered"))
    assert training.submit(INPUTS, UPLOADED) == JOB
    request = only(web)
    assert (request.method, request.target) == ("POST", f"{JOBS}?api-version=2.0")
    assert request.headers["content-type"] == "application/json"
    assert request.json["Input"] == {
        "ConnectionString": CONNECTION_STRING,
        "RelativeLocation": "labeledexamples/2026/spring examples.arff",
    }
    assert list(request.json) == ["Input", "Outputs", "GlobalParameters"]
    assert request.json["GlobalParameters"]["Grüße"] == "ja"


def test_start_posts_an_empty_body(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(reply(204))
    training.start(JOB)
    request = only(web)
    assert (request.method, request.target) == ("POST", f"{JOBS}/{JOB}/start?api-version=2.0")
    assert (request.headers["content-length"], request.body) == ("0", b"")


def test_get_asks_for_one_job(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("status/finished"))
    seen = training.get(JOB)
    assert seen.status is JobStatus.FINISHED
    assert seen.location is not None
    assert seen.location.sas.reveal() == SAS
    request = only(web)
    assert (request.method, request.target, request.body) == ("GET", f"{JOBS}/{JOB}?api-version=2.0", b"")


def test_get_wants_the_output_of_the_trained_model(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("status/finished-other-output"))
    assert training.get(JOB).details == "output 'output1' is wanted, ['output2'] are there"


def test_cancel_deletes_the_job(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(reply(204))
    training.cancel(JOB)
    assert (only(web).method, only(web).target) == ("DELETE", f"{JOBS}/{JOB}?api-version=2.0")


def test_a_job_that_was_started_before_is_quietly_started(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("errors/cannot-start"))
    training.start(JOB)
    assert len(web.requests) == 1


def test_another_refusal_of_start_is_raised(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("errors/unauthorized"))
    with pytest.raises(PermanentError, match=r"start job .* Invalid credentials provided"):
        training.start(JOB)


def test_cannot_start_is_no_excuse_for_another_call(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("errors/cannot-start"))
    with pytest.raises(PermanentError):
        training.submit(INPUTS, UPLOADED)


def test_cancelling_a_job_that_the_service_does_not_know_is_quiet(
    web: WebServer, training: ClassicBatchExecution
) -> None:
    web.will(sample("errors/service-not-found"))
    training.cancel(JOB)
    assert len(web.requests) == 1


def test_another_refusal_of_cancel_is_raised(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("errors/throttled"))
    with pytest.raises(TransientError):
        training.cancel(JOB)


def test_getting_an_unknown_job_is_not_found(web: WebServer, training: ClassicBatchExecution) -> None:
    web.will(sample("errors/service-not-found"))
    with pytest.raises(NotFound, match="WebServiceNotFound"):
        training.get(JOB)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("errors/internal", OutcomeUnknown),
        ("errors/html-bad-gateway", OutcomeUnknown),
        ("errors/empty-gateway-timeout", OutcomeUnknown),
        ("errors/throttled", TransientError),
        ("errors/invalid-extension", PermanentError),
        ("submit/html", OutcomeUnknown),
    ],
)
def test_submit_is_sent_once_whatever_comes_back(
    name: str, kind: type[Exception], web: WebServer, training: ClassicBatchExecution
) -> None:
    web.will(sample(name))
    with pytest.raises(kind) as caught:
        training.submit(INPUTS, UPLOADED)
    assert type(caught.value) is kind
    assert [request.method for request in web.requests] == ["POST"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_wish_to_retry_is_passed_on_and_never_followed_here(
    status: int, web: WebServer, training: ClassicBatchExecution
) -> None:
    web.will(reply(status, b"", Retry_After="1"))
    with pytest.raises(TransientError) as caught:
        training.submit(INPUTS, UPLOADED)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 1
    assert len(web.requests) == 1


def test_a_wish_until_a_date_is_read_by_the_clock_of_the_service(
    web: WebServer, training: ClassicBatchExecution
) -> None:
    """This service's clock is years behind: by the host's the date would be long past."""
    date, until = "Sun, 22 Nov 2020 05:00:00 GMT", "Sun, 22 Nov 2020 05:02:00 GMT"
    web.will(reply(503, b"", Retry_After=until, Date=date))
    with pytest.raises(TransientError) as caught:
        training.submit(INPUTS, UPLOADED)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 120


@pytest.mark.parametrize("location", ["/workspaces/W/services/E/jobs2", "https://127.0.0.1:1/", "http://[", "%zz:\x7f"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_with_the_key(
    status: int, location: str, web: WebServer, training: ClassicBatchExecution
) -> None:
    web.will(reply(status, b"", Location=location))
    with pytest.raises(PermanentError, match=f"HTTP {status}"):
        training.submit(INPUTS, UPLOADED)
    assert len(web.requests) == 1


def test_read_asks_the_endpoint_itself(web: WebServer, scoring: ClassicScoringService) -> None:
    web.will(sample("endpoint/served"))
    assert scoring.read(MODEL).serves_model
    assert (only(web).method, only(web).target) == ("GET", ENDPOINT)


def test_a_wrong_trained_model_name_lists_the_right_ones(web: WebServer, scoring: ClassicScoringService) -> None:
    web.will(sample("endpoint/other-names"))
    with pytest.raises(PermanentError, match="'Census Model \\[trained model\\]'"):
        scoring.read(MODEL)


@pytest.mark.parametrize("answer", [reply(200, {}), reply(200), reply(202, b"ok"), reply(204)])
def test_send_patches_the_resource_and_takes_any_2xx(
    answer: Script, web: WebServer, scoring: ClassicScoringService
) -> None:
    web.will(answer)
    scoring.send(MODEL)
    request = only(web)
    assert (request.method, request.target) == ("PATCH", ENDPOINT)
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "Resources": [
            {
                "Name": TRAINED_MODEL_NAME,
                "Location": {
                    "BaseLocation": "https://archive.blob.core.windows.net/",
                    "RelativeLocation": MODEL.path,
                    "SasBlobToken": SAS,
                },
            }
        ]
    }


def test_a_refused_update_is_raised_in_the_services_words(web: WebServer, scoring: ClassicScoringService) -> None:
    web.will(sample("errors/management-without-details"))
    with pytest.raises(PermanentError, match="The default endpoint cannot be updated"):
        scoring.send(MODEL)
    assert json.loads(web.requests[0].body)["Resources"]
