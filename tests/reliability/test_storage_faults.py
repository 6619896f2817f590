"""The suite `storage_faults`, with less: one play of each kind, and what it says when a promise is broken."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from tests.reliability.storage_faults.damage import broken_line, damaged_run, damaged_slot
from tests.reliability.storage_faults.disturbed import disturbed, refused_for_a_while
from tests.reliability.storage_faults.driving import delivered, ticked_until_over
from tests.reliability.storage_faults.forgetting import container_deleted
from tests.reliability.storage_faults.outages import stopped_and_started
from tests.reliability.storage_faults.promises import troubles
from tests.reliability.storage_faults.proxy import FaultProxy
from tests.reliability.storage_faults.stage import Stage, stage
from tests.reliability.storage_faults.trouble import BUSY, CUT, NOT_MET, Trouble

pytestmark = [pytest.mark.azurite, pytest.mark.stack]


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    with stage() as built:
        yield built


@pytest.mark.parametrize("trouble", [NOT_MET, CUT], ids=lambda trouble: trouble.name)
def test_a_run_outlives_troubles_of_its_requests(shared: Stage, trouble: Trouble) -> None:
    outcome = disturbed(shared, trouble)
    assert outcome.troubles == ()
    assert outcome.hits > 1


def test_a_run_outlives_a_storage_that_refuses_everything_for_two_ticks(shared: Stage) -> None:
    outcome = refused_for_a_while(shared, BUSY)
    assert outcome.troubles == ()
    assert outcome.hits > 1


@pytest.mark.parametrize("how", ["truncated", "of a newer schema"])
def test_a_damaged_run_is_quarantined_and_goes_on_when_it_is_put_back(shared: Stage, how: str) -> None:
    assert damaged_run(shared, how).troubles == ()


def test_a_damaged_slot_stops_its_pipeline_only(shared: Stage) -> None:
    assert damaged_slot(shared, "not JSON").troubles == ()


def test_a_broken_index_line_stops_nobody(shared: Stage) -> None:
    assert broken_line(shared, "an index line with a time without a zone").troubles == ()


@pytest.mark.parametrize("job_done", [False, True])
def test_the_app_goes_on_by_itself_after_its_state_container_was_deleted(shared: Stage, job_done: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    assert container_deleted(shared, job_done=job_done).troubles == ()


def test_what_is_not_yet_over_is_told(shared: Stage) -> None:
    play = shared.play()
    delivered(play, play.upload(play.pipelines[0]))
    assert any("open still" in each for each in troubles(play))
    ticked_until_over(play)
    assert list(troubles(play)) == []
    assert any("after 2 uploads" in each for each in troubles(play, uploads=2))


def test_the_proxy_answers_as_ordered_and_counts_only_what_it_struck(shared: Stage) -> None:
    with FaultProxy(shared.azurite) as proxy:
        place = next(part for part in proxy.connection_string.split(";") if part.startswith("BlobEndpoint="))
        url = f"{place.removeprefix('BlobEndpoint=')}/state-x/y"
        proxy.order(replace(BUSY, share=1.0))
        refused = requests.get(url, timeout=30)
        assert (refused.status_code, refused.headers["x-ms-error-code"]) == (503, "ServerBusy")
        assert requests.get(url.replace("state-x", "elsewhere"), timeout=30).status_code != refused.status_code
        assert proxy.hits == 1
        proxy.order(replace(CUT, share=1.0))
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=30)


def test_uploads_outlive_a_storage_that_is_stopped_and_started(shared: Stage) -> None:
    """Last in this file: the others share this Azurite."""
    outcome = stopped_and_started(shared, outages=1, uploads=2)
    assert outcome.troubles == ()
