"""The demo, as `make demo` runs it: it exits 0 only if the new model is live and scores better."""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from devstack.__main__ import main
from devstack.demo import Outcome
from devstack.following import FollowTimeoutError
from functions.retraining.core.blobs import BlobVersion, Model
from functions.retraining.core.run import Origin, Run, RunStatus, new_run
from tests.devstack.cli import Cli

STATUSES = ["waiting", "submitting", "submitted", "running", "trained", "updating", "succeeded"]
SHOWN = ("azurite", "studio", "published", "host", "scored", "uploaded", "job", "service", *STATUSES)
LOG = "run_failed: the words of the host"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

type EndDemo = Callable[[Callable[[], Outcome]], None]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> EndDemo:
    """Makes the main job end as told, on a stack that is not there but for its host's log."""

    def make(end: Callable[[], Outcome]) -> None:
        host = SimpleNamespace(log=LOG)
        stack = SimpleNamespace(
            host=host, azurite=SimpleNamespace(blob_endpoint="http://here"), studio=SimpleNamespace(url="")
        )
        monkeypatch.setattr("devstack.demo.Stack.start", lambda _: nullcontext(stack))
        monkeypatch.setattr("devstack.demo._main_job", lambda *_: end())

    return make


@pytest.mark.stack
@pytest.mark.parametrize("kind", ["classic", "arm"])
def test_the_demo_is_one_json_object_a_line_and_the_last_one_has_the_result(tmp_path: Path, kind: str) -> None:
    demo = Cli(tmp_path).run("demo", "--json", "--scoring", kind)

    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""
    lines = [json.loads(line) for line in demo.stdout.splitlines()]
    assert all(isinstance(line, dict) and line["event"] for line in lines)
    assert [name for name in SHOWN if name not in {line["event"] for line in lines}] == []
    assert any("update followed" in line.get("detail", "") for line in lines) == (kind == "arm")
    result = lines[-1]
    assert result["event"] == "result"
    assert result["run"] in result["model"]
    assert [step["status"] for step in result["statuses"]] == STATUSES
    times = [datetime.fromisoformat(step["at"]) for step in result["statuses"]]
    assert times == sorted(times)
    assert all(time.utcoffset() == timedelta(0) for time in times)
    assert result["accuracyAfter"] > result["accuracyBefore"]
    assert result["better"] is True
    assert result["seconds"] < 60


def test_a_model_that_is_not_better_fails_the_demo_and_the_hosts_log_is_shown(
    ended: EndDemo, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(lambda: _outcome(replace(_run(), status=RunStatus.TIMED_OUT), "published/first", 0.6, 0.6))

    assert main(["demo"]) == 1

    shown = capsys.readouterr()
    assert "The demo failed: run" in shown.out
    assert "is timed_out. the live model is published/first" in shown.out
    assert shown.err == f"The trigger host's log:\n{LOG}\n"


def test_a_run_that_does_not_end_fails_the_demo_and_the_hosts_log_is_shown(
    ended: EndDemo, capsys: pytest.CaptureFixture[str]
) -> None:
    def never() -> Outcome:
        message = "run 1 has not ended within 60 s: it is updating"
        raise FollowTimeoutError(message)

    ended(never)

    assert main(["demo"]) == 2
    assert (
        capsys.readouterr().err == f"The trigger host's log:\n{LOG}\nrun 1 has not ended within 60 s: it is updating\n"
    )


def test_a_demo_that_succeeds_says_so_in_words_and_shows_no_log(
    ended: EndDemo, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(lambda: _outcome(_run(), "models/new", 0.6, 0.9))

    assert main(["demo"]) == 0

    shown = capsys.readouterr()
    first, *_, last = shown.out.splitlines()
    assert re.fullmatch(r" +\d\.\d s  azurite      storage answers at http://here", first)
    assert (
        last == "The new model is live: models/new. It is right on 90.0% of rows that no model has seen, after 60.0%."
    )
    assert shown.err == ""


def test_only_the_new_model_live_and_better_is_a_success() -> None:
    assert _outcome(_run(), "models/new", 0.6, 0.9).better


@pytest.mark.parametrize(
    ("run", "live", "before", "after"),
    [
        pytest.param("succeeded", "published/first", 0.6, 0.9, id="another model is live"),
        pytest.param("succeeded", "models/new", 0.9, 0.9, id="it scores no better"),
        pytest.param("updating", "models/new", 0.6, 0.9, id="the run has not succeeded"),
        pytest.param("without a model", "", 0.6, 0.9, id="the run has no model"),
    ],
)
def test_anything_else_is_a_failure(run: str, live: str, before: float, after: float) -> None:
    status = RunStatus.UPDATING if run == "updating" else RunStatus.SUCCEEDED
    changed = replace(_run(), status=status, model=None if run == "without a model" else _run().model)

    assert not _outcome(changed, live, before, after).better


def _outcome(run: Run, live: str, before: float, after: float) -> Outcome:
    return Outcome(run, live, before, after)


def _run() -> Run:
    blob = BlobVersion(container="c", name="n.arff", etag="1", last_modified=NOW, size=1)
    run = new_run("pipeline", Origin.LABELED_EXAMPLE, blob, NOW)
    return replace(run, status=RunStatus.SUCCEEDED, model=Model(container="models", name="new", archived_at=NOW))
