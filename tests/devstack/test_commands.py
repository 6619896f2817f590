"""The commands that drive a running stack, each in a process of its own."""

import json
import signal
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devstack.__main__ import main
from devstack.local_settings import SAMPLE, SettingsInUseError, write_local_settings
from devstack.places import FOLDER_VARIABLE, ROOT, settings_file, stack_folder
from devstack.running import NotRunningError, Running
from tests.devstack.cli import Background, Cli

REAL = "DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=bWluZQ==;EndpointSuffix=core.windows.net"
EVERY_SECOND = "POLL_SCHEDULE=* * * * * *"


@dataclass(frozen=True)
class Used:
    """A stack with its host that was used once: what was said before the upload, and during it."""

    cli: Cli
    up: Background
    scored_before: str
    uploaded: str
    upload_code: int


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    cli = Cli(tmp_path_factory.mktemp("stack"))
    stack = cli.up("--host", "--set", EVERY_SECOND)
    try:
        before = cli.run("score")
        assert before.returncode == 1
        uploaded = cli.run("upload", "--sample", "better", "--follow", "--seconds", "30")
        yield Used(cli, stack, before.stdout, uploaded.stdout + uploaded.stderr, uploaded.returncode)
    finally:
        stack.stop()


@pytest.mark.stack
def test_up_writes_the_samples_settings_for_exactly_this_stack(used: Used) -> None:
    settings, stack = used.cli.settings, used.cli.stack
    sample = json.loads(SAMPLE.read_text("utf-8"))["Values"]

    assert set(settings) == {*sample, "REQUESTS_CA_BUNDLE"}
    assert stack["storage"] in settings["TrainingStorage"]
    assert settings["AzureWebJobsStorage"] == settings["TrainingStorage"]
    for name in ("TRAINING_ML_ENDPOINT", "SCORING_ML_ENDPOINT", "SCORING_UPDATE_RESOURCE_ENDPOINT"):
        assert settings[name].startswith(f"{stack['studio']}/workspaces/")
    assert "<" not in "".join(settings.values())
    assert Path(settings["REQUESTS_CA_BUNDLE"]).is_file()
    assert f"POLL_SCHEDULE={settings['POLL_SCHEDULE']}" == EVERY_SECOND
    assert stat.S_IMODE((used.cli.folder / "local.settings.json").stat().st_mode) == 0o600


@pytest.mark.stack
def test_up_says_where_everything_is_and_what_to_do_next(used: Used) -> None:
    for part in (
        used.cli.stack["storage"],
        used.cli.stack["studio"],
        used.cli.stack["host"],
        "python -m devstack down",
    ):
        assert part in used.up.output


@pytest.mark.stack
def test_a_second_up_is_refused_and_the_first_goes_on(used: Used) -> None:
    second = used.cli.run("up")

    assert second.returncode == 2
    assert f"running already (process {used.cli.stack['pid']})" in second.stderr
    assert not used.up.ended


@pytest.mark.stack
def test_upload_follow_shows_each_step_until_the_model_is_live(used: Used) -> None:
    steps = ("uploaded", "waiting", "submitting", "submitted", "running", "trained", "updating", "succeeded")

    places = [used.uploaded.find(f"s  {step} ") for step in steps]

    assert used.upload_code == 0, used.uploaded
    assert -1 not in places, used.uploaded
    assert places == sorted(places)
    assert "update resource called: PATCH, HTTP 200" in used.uploaded


@pytest.mark.stack
def test_upload_for_a_pipeline_that_is_not_there_says_which_are(used: Used) -> None:
    refused = used.cli.run("upload", "--sample", "poor", "--pipeline", "nope")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "There is no pipeline 'nope'; there are: pipeline\n"


def test_a_setting_without_a_value_is_refused_with_the_form(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--set", "POLL_SCHEDULE"])

    assert "'POLL_SCHEDULE' is not of the form NAME=VALUE" in capsys.readouterr().err


@pytest.mark.stack
def test_score_names_the_live_model_and_how_good_it_is(used: Used) -> None:
    scored = used.cli.run("score")

    assert "No model is live yet" in used.scored_before
    assert scored.returncode == 0
    model, _, accuracy = scored.stdout.partition(": ")
    assert model.startswith("models/pipeline/")
    assert float(accuracy.partition("%")[0]) > 90


@pytest.mark.stack
def test_status_shows_what_runs_what_is_deployed_and_the_last_runs(used: Used) -> None:
    shown = used.cli.run("status")

    assert shown.returncode == 0, shown.stderr
    assert f"host     {used.cli.stack['host']}" in shown.stdout
    assert "pipeline pipeline: models/pipeline/" in shown.stdout
    assert "succeeded   labeledexamples/labeledexamples.arff" in shown.stdout


@pytest.mark.stack
def test_without_a_host_up_waits_for_func_and_down_stops_it_and_keys_are_kept(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "stack")
    first = cli.up()
    keys = cli.settings["TRAINING_API_KEY"]
    assert "now run 'func start'" in first.output
    assert "not started here: run 'func start'" in cli.run("status").stdout

    down = cli.run("down")

    assert (down.returncode, down.stdout) == (0, "The local stack is down.\n")
    assert first.ends() == 0
    assert not (cli.folder / "stack.json").exists()

    again = cli.up()
    assert cli.settings["TRAINING_API_KEY"] == keys
    again.process.send_signal(signal.SIGINT)
    assert again.ends() == 0
    assert again.errors == ""


@pytest.mark.parametrize(
    "command", [["down"], ["status"], ["score"], ["upload", "--sample", "poor"]], ids=lambda c: c[0]
)
def test_without_a_stack_a_command_says_how_to_start_one(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))

    assert main(command) == 2
    assert capsys.readouterr().err == f"No local stack is running in {stack_folder()}. Start one with: make up\n"


def test_what_a_crashed_stack_left_behind_is_not_taken_for_a_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "stack.lock").touch()
    # Process 1 runs on every machine, and is not ours.
    Running(pid=1, storage="s", studio="t", host=None).write()

    with pytest.raises(NotRunningError):
        Running.read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TrainingStorage", REAL),
        ("AzureWebJobsStorage", REAL),
        ("TRAINING_ML_ENDPOINT", "https://ussouthcentral.services.azureml.net/workspaces/w/services/s/jobs"),
    ],
)
def test_up_does_not_overwrite_settings_that_point_at_anything_real(tmp_path: Path, name: str, value: str) -> None:
    cli = Cli(tmp_path)
    mine = json.dumps({"IsEncrypted": False, "Values": {name: value}})
    (tmp_path / "local.settings.json").write_text(mine, "utf-8")

    refused = cli.run("up")

    assert refused.returncode == 2
    assert "points at real storage or services" in refused.stderr
    assert "bWluZQ" not in refused.stderr
    assert (tmp_path / "local.settings.json").read_text("utf-8") == mine


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"Values": null}', "not JSON", '{"Values": []}'])
def test_settings_that_cannot_be_understood_are_not_overwritten(tmp_path: Path, content: str) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(content, "utf-8")

    with pytest.raises(SettingsInUseError):
        write_local_settings({"TrainingStorage": "UseDevelopmentStorage=true"}, file)

    assert file.read_text("utf-8") == content


def test_the_developers_own_files_are_where_func_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)

    assert settings_file() == ROOT / "local.settings.json"
    assert stack_folder() == ROOT / ".devstack"
