"""Services that refuse, vanish or talk nonsense: every fault at every call ends clearly, or heals."""

from dataclasses import dataclass

import pytest

from devstack.studio import Fault, FaultKind
from functions.retraining.core.run import Failure, RunStatus
from tests.e2e.house import House

pytestmark = pytest.mark.azurite

SUBMIT, START, STATUS = "bes.submit", "bes.start", "bes.status"
GET, PATCH = "management.get_endpoint", "management.patch_endpoint"
ROUTES = (SUBMIT, START, STATUS, GET, PATCH)

UNAUTHORIZED = {"kind": FaultKind.HTTP_ERROR, "status": 401, "code": "NoAuthorizationHeader", "message": "No."}
NOT_FOUND = {"kind": FaultKind.HTTP_ERROR, "status": 404, "code": "NotHere", "message": "It is not here."}
THROTTLED = {"kind": FaultKind.HTTP_ERROR, "status": 503}


@dataclass(frozen=True)
class Heals:
    """How often the service saw what, in a run that came to a live model all the same."""

    submits: int = 1
    starts: int = 1
    patches: int = 1


def _fault(route: str, **facts: object) -> Fault:
    return Fault(route=route, **facts)  # type: ignore[arg-type] # the tables above hold a fault's own fields


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_that_the_service_refuses_ends_the_run_in_its_words(house: House, route: str) -> None:
    failure = _failure_of(house, _fault(route, **UNAUTHORIZED))

    assert (failure.http_status, failure.code) == (401, "NoAuthorizationHeader")
    assert "No." in failure.message
    assert failure.request_id


@pytest.mark.parametrize("route", [SUBMIT, GET, PATCH])
def test_a_service_that_is_not_there_ends_the_run_in_its_words(house: House, route: str) -> None:
    failure = _failure_of(house, _fault(route, **NOT_FOUND))

    assert (failure.http_status, failure.code) == (404, "NotHere")
    assert "It is not here." in failure.message


@pytest.mark.parametrize("route", [START, STATUS])
def test_a_job_that_the_service_no_longer_knows_costs_one_attempt(house: House, route: str) -> None:
    house.studio.inject(_fault(route, **NOT_FOUND))

    run = house.retrained()

    assert run.attempt == 2
    assert any("no longer knows job" in step.note for step in run.history)


@pytest.mark.parametrize("route", ROUTES)
def test_503_heals_by_itself(house: House, route: str) -> None:
    house.studio.inject(_fault(route, **THROTTLED, count=2))

    run = house.retrained()

    assert run.attempt == 1
    waits = [line for line in house.events("run_waits") if "503" in line["waits_for"]]
    assert len(waits) == 2
    assert "failure 2 in a row" in waits[1]["waits_for"]


BROKEN = {
    (FaultKind.GARBAGE, SUBMIT): Heals(submits=2),
    (FaultKind.GARBAGE, STATUS): Heals(),
    (FaultKind.GARBAGE, GET): Heals(),
    (FaultKind.TRUNCATED, SUBMIT): Heals(submits=2),
    (FaultKind.TRUNCATED, STATUS): Heals(),
    (FaultKind.TRUNCATED, GET): Heals(),
    (FaultKind.TRUNCATED, PATCH): Heals(),
    (FaultKind.RESET, SUBMIT): Heals(submits=2),
    (FaultKind.RESET, START): Heals(starts=2),
    (FaultKind.RESET, PATCH): Heals(),
    (FaultKind.LOST_REPLY, SUBMIT): Heals(submits=2),
    (FaultKind.LOST_REPLY, START): Heals(starts=2),
    (FaultKind.LOST_REPLY, STATUS): Heals(),
    (FaultKind.LOST_REPLY, GET): Heals(),
    (FaultKind.LOST_REPLY, PATCH): Heals(),
    (FaultKind.LOST_REQUEST, SUBMIT): Heals(submits=2),
    (FaultKind.LOST_REQUEST, START): Heals(starts=2),
    (FaultKind.LOST_REQUEST, PATCH): Heals(patches=2),
}


@pytest.mark.parametrize(("broken", "seen"), BROKEN.items(), ids=["-".join(each) for each in BROKEN])
def test_a_broken_answer_heals_and_the_example_is_trained_on_once(
    house: House, broken: tuple[FaultKind, str], seen: Heals
) -> None:
    kind, route = broken
    house.studio.inject(_fault(route, kind=kind))

    run = house.retrained()

    routes = house.routes()
    assert run.attempt == 1
    assert Heals(routes[SUBMIT], routes[START], routes[PATCH]) == seen
    assert len(_trainings(house)) == 1, "one training per attempt"


def test_a_lost_answer_to_submit_is_on_record_and_only_one_job_is_started(house: House) -> None:
    house.studio.inject(Fault(FaultKind.LOST_REPLY, SUBMIT))

    run = house.retrained()

    assert any("the answer to submit was lost" in step.note for step in run.history)
    assert sorted(house.job_statuses()) == ["Finished", "NotStarted"]


@pytest.mark.parametrize("route", [START, PATCH])
def test_a_page_in_place_of_a_yes_is_no_yes(house: House, route: str) -> None:
    """Start and PATCH have no body to check, so a proxy's 200 could be taken for the service's."""
    house.studio.inject(Fault(FaultKind.GARBAGE, route))

    run = house.retrained()

    assert run.attempt == 1
    assert len(_trainings(house)) == 1, "one training per attempt"


def test_a_service_that_stays_away_is_asked_ever_more_slowly_until_it_is_back(house: House) -> None:
    house.studio.inject(_fault(SUBMIT, **THROTTLED, count=6))
    begun = house.clock.now()

    run = house.retrained()

    assert (house.clock.now() - begun).total_seconds() > 15 + 30 + 60 + 120 + 240 + 480
    assert run.attempt == 1
    assert house.routes()[START] == 1


def test_a_job_that_fails_is_tried_again_and_its_details_reach_run_and_log(house: House) -> None:
    house.studio.inject(Fault(FaultKind.JOB_FAILS, details="Module 7: column 'mean radius' is missing.", count=2))

    run = house.ended(house.begun())

    assert run.status is RunStatus.FAILED
    assert run.attempt == 2
    assert run.failure
    assert "Module 7: column 'mean radius' is missing." in run.failure.message
    (line,) = house.events("run_failed")
    assert "Module 7: column 'mean radius' is missing." in line["note"]
    house.retrained()


def test_a_job_that_vanishes_is_trained_anew(house: House) -> None:
    house.studio.inject(Fault(FaultKind.JOB_VANISHES))

    assert house.retrained().attempt == 2


def test_a_link_to_the_trained_model_that_has_expired_is_asked_for_anew(house: House) -> None:
    house.studio.inject(Fault(FaultKind.EXPIRED_SAS))

    assert house.retrained().attempt == 1
    assert house.routes()[STATUS] >= 2


def _failure_of(house: House, fault: Fault) -> Failure:
    house.studio.inject(fault)
    run = house.ended(house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    (line,) = house.events("run_failed")
    assert line["note"] == run.failure.message
    house.retrained()
    return run.failure


def _trainings(house: House) -> list[str]:
    return [status for status in house.job_statuses() if status != "NotStarted"]
