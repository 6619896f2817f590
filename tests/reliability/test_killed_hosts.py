"""The suite `killed_hosts`, with less: a few uploads, a few kills, and what it says when a promise is broken."""

import pytest

from functions.retraining.core.slot import Holder
from tests.reliability.killed_hosts.judging import troubles_of_pipeline, troubles_of_upload
from tests.reliability.killed_hosts.killing import kill_until_all_have_ended
from tests.reliability.killed_hosts.street import street
from tests.reliability.suites.killed_hosts import of_pipelines, of_uploads

pytestmark = [pytest.mark.azurite, pytest.mark.stack]


def test_every_upload_ends_trained_on_once_though_the_host_is_killed_again_and_again() -> None:
    with street(pipelines=3) as stack:
        killed = kill_until_all_have_ended(stack, uploads=6, patience_seconds=240)
        uploads, pipelines = of_uploads(stack, killed), of_pipelines(stack)
        assert uploads.good, uploads.troubles
        assert pipelines.good, pipelines.troubles
        assert killed.moments


def test_what_is_lost_or_left_is_told() -> None:
    with street(pipelines=1) as stack:
        stack.upload(0)
        (uploaded,), (pipeline,) = stack.uploaded, stack.pipelines
        assert list(troubles_of_upload(stack, uploaded)) == [f"{uploaded.version.path} has no ended run"]
        slot = stack.runs.slot(pipeline).slot
        held = type(slot)(pipeline=pipeline, active=(Holder(run="r", since=uploaded.version.last_modified),))
        stack.runs.save_slot(held, None)
        first, *_ = troubles_of_pipeline(stack, pipeline)
        assert "slot is held by" in first
